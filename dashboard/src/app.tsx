import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ApiError, explain } from './api/client'
import { Dashboard } from './pages/Dashboard'
import { SignIn } from './pages/SignIn'
import { place } from './router'
import { session, setSession } from './session/token'
import { forgetBoard, loadBoard } from './state/board'
import { hangUp, stayLive } from './state/live'
import { loadMe, me } from './state/me'
import { Frame } from './ui/Frame'
import { Toasts } from './ui/toast'

export function App() {
  const signedIn = session.value !== null
  return signedIn ? <SignedIn key="in" /> : <SignIn />
}

/** The page of somebody: it loads who they are and all figures at once, then stays live. */
function SignedIn() {
  const fault = useSignal('')
  const attempt = useSignal(0)
  useEffect(() => {
    let retry: ReturnType<typeof setTimeout>
    Promise.all([loadMe(), loadBoard()]).then(
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
    stayLive()
    return () => {
      hangUp()
      forgetBoard()
      me.value = null
    }
  }, [])
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

function Page() {
  switch (place.value.path) {
    default:
      return <Dashboard />
  }
}
