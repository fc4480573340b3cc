import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { check, live, revenue, server, shows } from './check.mjs'
import { allowCognito, nearby, playCognito } from './cognito.mjs'

/** What a screen on a wall goes through in its weeks. The page alone decides it: these run once. */

const tv = { viewport: { width: 1920, height: 1080 } }
const lost = [/ERR_|WebSocket/]

describe('sleep', () => {
  check('a page that stood still while the server was replaced wakes to current figures', { tenant: 'still', charts: [revenue], browserOptions: tv, allow: lost }, async (page) => {
    await page.goto(server.origin + '/?tv')
    await shows(page, 'Revenue', '€120.00')
    await live(page)
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Debugger.enable')
    await Promise.all([new Promise((paused) => cdp.once('Debugger.paused', paused)), cdp.send('Debugger.pause')]) // no timer fires, no message is read
    await server.kill()
    await server.up()
    await server.push('still', 'revenue', [{ value: 80 }])
    await cdp.send('Debugger.disable') // which resumes
    await shows(page, 'Revenue', '€200.00')
    await live(page)
    await server.push('still', 'revenue', [{ value: 5 }])
    await shows(page, 'Revenue', '€205.00')
  })

  check('a socket that died in a night of sleep is replaced at once', { tenant: 'night', charts: [revenue], browserOptions: tv }, async (page) => {
    let sockets = 0
    await page.routeWebSocket(/graphql/, (socket) => {
      const first = sockets++ === 0
      const upstream = socket.connectToServer()
      upstream.onMessage((message) => !(first && deaf) && socket.send(message))
      socket.onMessage((message) => !(first && deaf) && upstream.send(message))
    })
    let deaf = false
    await page.clock.install()
    await page.goto(server.origin + '/?tv')
    await shows(page, 'Revenue', '€120.00')
    await live(page)
    deaf = true
    await server.push('night', 'revenue', [{ value: 80 }])
    await page.clock.fastForward('08:00:00')
    await shows(page, 'Revenue', '€200.00')
    await live(page)
    await server.push('night', 'revenue', [{ value: 5 }])
    await shows(page, 'Revenue', '€205.00')
  })
})

describe('weeks', () => {
  check('the screen is kept on, and again after the page was hidden', { tenant: 'awake' }, async (page) => {
    await page.addInitScript(watchLocks)
    await page.goto(server.origin + '/?tv')
    const held = (locks) => page.waitForFunction((n) => window.locks.length === n && !window.locks.at(-1).released, locks)
    await held(1)
    // Playwright keeps its pages visible: that this one was hidden is played, and so is what browsers do then with its lock.
    await turn(page, 'hidden')
    await page.evaluate(() => window.locks[0].release())
    await turn(page, 'visible')
    await held(2)
    await turn(page, 'hidden')
    await page.getByText('No charts yet.').waitFor()
    await held(2)
  })

  /** A page on a wall, signed in at Cognito with a token; grant answers when it asks for others. */
  async function signedIn(page, token, grant) {
    const asked = await playCognito(page, grant)
    await page.evaluate((token) => sessionStorage.setItem('mykpi-session', JSON.stringify({ token, refreshToken: 'r1' })), token)
    await page.goto(server.origin + '/?tv')
    await shows(page, 'Revenue', '€120.00')
    await live(page)
    return asked
  }

  check('a token that ended in sleep is renewed', { tenant: 'renewed', charts: [revenue], browserOptions: { ...tv, ...nearby }, allow: [...allowCognito, ...lost] }, async (page) => {
    await page.clock.install()
    let out = 2
    const asked = await signedIn(page, await server.token('renewed'), () => {
      if (out-- > 0) throw new Error('no network yet')
      return server.token('renewed', 'VIEWER', '24h')
    })
    assert.deepEqual(asked.grants, [])
    await page.clock.fastForward('03:00:00')
    await page.getByRole('status').filter({ hasText: 'Reconnecting' }).waitFor()
    await live(page)
    assert.deepEqual(asked.grants, Array(3).fill('refresh_token'))
    await server.push('renewed', 'revenue', [{ value: 80 }])
    await shows(page, 'Revenue', '€200.00')
  })

  check('a token that the server takes no more is renewed, however long it says it holds', { tenant: 'behind', charts: [revenue], browserOptions: { ...tv, ...nearby }, allow: [...allowCognito, /401/] }, async (page) => {
    const foreign = (await server.token('behind')).replace(/[^.]+$/, 'x')
    const asked = await signedIn(page, foreign, () => server.token('behind', 'VIEWER'))
    assert.deepEqual(asked.grants, ['refresh_token'])
    await server.push('behind', 'revenue', [{ value: 80 }])
    await shows(page, 'Revenue', '€200.00')
  })

  check('where a token is not renewed any more, the page leads to the door', { tenant: 'over', charts: [revenue], browserOptions: { ...tv, ...nearby }, allow: [...allowCognito, /400/] }, async (page) => {
    await page.clock.install()
    await signedIn(page, await server.token('over'), () => null)
    await page.clock.fastForward('03:00:00')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
  })
})

describe('what heals by itself', () => {
  /** A page on a wall that is marked, so that one loaded anew is told from it. */
  async function marked(page) {
    await page.clock.install()
    await page.goto(server.origin + '/?tv')
    await shows(page, 'Revenue', '€120.00')
    await live(page)
    await page.evaluate(() => (window.marked = true))
  }
  const loadedAnew = async (page) => {
    await page.waitForFunction(() => !window.marked)
    await shows(page, 'Revenue', '€120.00')
    await live(page)
  }

  check('a page of an older server loads itself anew', { tenant: 'updated', charts: [revenue], browserOptions: tv }, async (page) => {
    let version = 'v1'
    await page.route('**/graphql', (route) => (/query Version/.test(route.request().postData()) ? route.fulfill({ json: { data: { version } } }) : route.fallback()))
    await Promise.all([page.waitForResponse((r) => /query Version/.test(r.request().postData())), marked(page)])
    version = 'v2'
    await page.clock.fastForward('06:00')
    await loadedAnew(page)
  })

  check('a page whose server was replaced while it loaded loads itself anew', { tenant: 'replaced', charts: [revenue], allow: [/404/] }, async (page) => {
    let loads = 0
    page.on('request', (request) => request.isNavigationRequest() && loads++)
    await page.route('**/assets/feed-*.js', (route) => (loads === 1 ? route.fulfill({ status: 404 }) : route.fallback()))
    await page.goto('about:blank')
    loads = 0
    await page.goto(server.origin + '/')
    await shows(page, 'Revenue', '€120.00')
    await live(page)
    assert.equal(loads, 2)
  })

  check('a page that broke loads itself anew, once the server answers', { tenant: 'broke', charts: [revenue], browserOptions: tv, allow: [...lost, /broke/] }, async (page) => {
    await marked(page)
    await page.clock.fastForward('06:00')
    await server.kill()
    await page.getByRole('status').filter({ hasText: 'Reconnecting' }).waitFor()
    await page.evaluate(() => void setTimeout(() => Promise.reject(new Error('broke'))))
    await page.clock.fastForward('02:00')
    await shows(page, 'Revenue', '€120.00')
    assert.ok(await page.evaluate(() => window.marked))
    await server.up()
    await page.clock.fastForward('02:00')
    await loadedAnew(page)
  })
})

/** Runs in the page: remembers every lock that it gets on the screen. */
function watchLocks() {
  window.locks = []
  const { request } = WakeLock.prototype
  WakeLock.prototype.request = async function (...args) {
    const lock = await request.apply(this, args)
    window.locks.push(lock)
    return lock
  }
}

function turn(page, visibility) {
  return page.evaluate((visibility) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: visibility })
    document.dispatchEvent(new Event('visibilitychange'))
  }, visibility)
}
