import { server } from './check.mjs'

/** The one other origin that a page asks then. */
export const allowCognito = [/^request: https:\/\/auth\.test\//]

/** Browser options: a page that the test hands to the browser comes from nowhere, and may speak to this machine all the same. */
export const nearby = { permissions: ['local-network-access'] }

/**
 * Has a page sign in at a hosted UI of Cognito. grant answers each form that asks for a token, with the token, or with null to
 * refuse it, or throws where Cognito is out of reach. Answers what the page has asked so far.
 */
export async function playCognito(page, grant) {
  const asked = { grants: [] }
  await page.route(server.origin + '/**', async (route) => {
    if (route.request().resourceType() !== 'document') return route.continue()
    const response = await route.fetch()
    const told = JSON.stringify({ cognito: { domain: 'auth.test', clientId: 'c1', scopes: ['openid'] } }).replaceAll('"', '&quot;')
    const headers = { ...response.headers(), 'content-security-policy': response.headers()['content-security-policy'].replace('connect-src', 'connect-src https://auth.test') }
    await route.fulfill({ response, headers, body: (await response.text()).replace('content="{}"', `content="${told}"`) })
  })
  await page.route('https://auth.test/**', async (route) => {
    const url = new URL(route.request().url())
    if (url.pathname === '/oauth2/authorize') {
      Object.assign(asked, Object.fromEntries(url.searchParams))
      return route.fulfill({ contentType: 'text/html', body: `<meta http-equiv="refresh" content="0;url=${asked.redirect_uri}?code=abc&state=${asked.state}">` })
    }
    const form = Object.fromEntries(new URLSearchParams(route.request().postData() ?? ''))
    asked.grants.push(form.grant_type)
    asked.code_verifier ??= form.code_verifier
    const headers = { 'access-control-allow-origin': server.origin }
    let token
    try {
      token = await grant(form)
    } catch {
      return route.abort('connectionrefused')
    }
    return token ? route.fulfill({ headers, json: { id_token: token, refresh_token: 'r1' } }) : route.fulfill({ status: 400, headers, json: { error: 'invalid_grant' } })
  })
  return asked
}
