import { useEffect, useRef, useState } from 'preact/hooks'

export type Load<T> = { data: T | null; error: unknown; reload: () => void }

/** Loads something when the page shows it and whenever one of inputs changes; the last data stays until the next are there. */
export function useLoad<T>(load: () => Promise<T>, inputs: readonly unknown[]): Load<T> {
  const [state, setState] = useState<{ data: T | null; error: unknown }>({ data: null, error: null })
  const [turn, setTurn] = useState(0)
  const newest = useRef(0)
  useEffect(() => {
    const mine = ++newest.current
    load().then(
      (data) => mine === newest.current && setState({ data, error: null }),
      (error) => mine === newest.current && setState((had) => ({ data: had.data, error })),
    )
  }, [...inputs, turn])
  useEffect(() => () => void newest.current++, [])
  return { ...state, reload: () => setTurn((n) => n + 1) }
}
