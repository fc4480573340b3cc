/** Runs something once what is more urgent is seen; answers how to have it not run. */
export function whenIdle(run: () => void): () => void {
  if (!window.requestIdleCallback) {
    const timer = setTimeout(run, 200) // Safari
    return () => clearTimeout(timer)
  }
  const waiting = requestIdleCallback(run, { timeout: 1_000 })
  return () => cancelIdleCallback(waiting)
}
