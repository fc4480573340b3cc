import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ApiError, explain } from './api/client'
import { Dashboard } from './pages/Dashboard'
import { SignIn } from './pages/SignIn'
import { place } from './router'
import { session, setSession } from './session/token'
import { hangUp, stayLive } from './state/live'
import { forgetAll, loadFirst } from './state/load'
import { me } from './state/me'
import { Frame } from './ui/Frame'
import { whenIdle } from './ui/idle'
import { lazy } from './ui/lazy'
import { Toasts } from './ui/toast'

export function App() {
  const signedIn = session.value !== null
  return signedIn ? <SignedIn key="in" /> : <SignIn />
}

/** The page of somebody: it loads who they are and all figures at once, where main.tsx has not, then stays live. */
function SignedIn() {
  const fault = useSignal('')
  const attempt = useSignal(0)
  useEffect(() => {
    let retry: ReturnType<typeof setTimeout>
    loadFirst().then(
      () => (fault.value = ''),
      (error) => {
        if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') return setSession(null)
        fault.value = explain(error)
        retry = setTimeout(() => attempt.value++, 3_000)
      },
    )
    return () => clearTimeout(retry)
  }, [attempt.value])
  useEffect(() => {
    const cancel = whenIdle(stayLive)
    return () => {
      cancel()
      hangUp()
      forgetAll()
    }
  }, [])
  if (place.value.query.has('tv')) return <Tv />
  return (
    <>
      <Frame>
        {fault.value && !me.value ? (
          <p class="alert" role="alert">
            {fault}
          </p>
        ) : (
          <Page />
        )}
      </Frame>
      <Toasts />
    </>
  )
}

const ChartPage = lazy(() => import('./pages/ChartPage').then((m) => m.default))
const EditChart = lazy(() => import('./pages/EditChart').then((m) => m.default))
const NewChart = lazy(() => import('./pages/NewChart').then((m) => m.default))
const Templates = lazy(() => import('./pages/Templates').then((m) => m.default))
const Archived = lazy(() => import('./pages/Archived').then((m) => m.default))
const Settings = lazy(() => import('./pages/Settings').then((m) => m.default))
const Data = lazy(() => import('./pages/Data').then((m) => m.default))
const Tv = lazy(() => import('./tv/Tv').then((m) => m.default))

/** The paths that the server answers with this page (pages in dashboard.go). */
function Page() {
  const [, section, key, action] = place.value.path.split('/')
  switch (section) {
    case 'charts':
      return action === 'edit' ? <EditChart key={key} chartKey={key!} /> : <ChartPage key={key} chartKey={key!} />
    case 'new':
      return <NewChart />
    case 'templates':
      return <Templates />
    case 'archived':
      return <Archived />
    case 'data':
      return <Data />
    case 'settings':
      return <Settings />
    default:
      return <Dashboard />
  }
}
