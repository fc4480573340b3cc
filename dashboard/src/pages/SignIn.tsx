import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { explain } from '../api/client'
import { navigate } from '../router'
import { CALLBACK, finishSignIn, signIn } from '../session/cognito'
import { options } from '../options'
import { place } from '../router'

/** The door: Cognito's hosted UI, or, without one, the link that the server's operator prints. */
export function SignIn() {
  const fault = useSignal('')
  const returning = options.cognito !== undefined && place.value.path === CALLBACK
  useEffect(() => {
    if (!returning) return
    finishSignIn().then(
      (to) => navigate(to, { replace: true }),
      (error) => {
        fault.value = explain(error)
        navigate('/', { replace: true })
      },
    )
  }, [])
  return (
    <main class="door">
      <img src="/icon.svg" alt="" width="64" height="64" />
      <h1>MyKPI</h1>
      {fault.value && (
        <p class="alert" role="alert">
          {fault}
        </p>
      )}
      {options.cognito ? (
        <>
          <p>The figures of your business, live.</p>
          <button class="button primary" disabled={returning} onClick={() => signIn().catch((e) => (fault.value = explain(e)))}>
            {returning ? 'Signing in…' : 'Sign in'}
          </button>
        </>
      ) : (
        <>
          <p>You are signed out. Open a sign-in link: the server’s operator prints one with</p>
          <pre tabIndex={0}>mykpi token --tenant NAME --link {location.origin}</pre>
        </>
      )}
    </main>
  )
}
