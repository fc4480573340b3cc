import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** A component that is loaded when it is first shown, so that the dashboard itself comes fast. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined
  return function Lazy(props: P) {
    const [, rerender] = useState(0)
    useEffect(() => {
      if (loaded) return
      load().then(
        (component) => {
          loaded = component
          rerender(1)
        },
        () => location.reload(), // the server has been updated, and this page's files are gone
      )
    }, [])
    const Component = loaded
    return Component ? <Component {...props} /> : <p class="hint" aria-busy="true">Loading…</p>
  }
}
