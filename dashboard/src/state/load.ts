import { request } from '../api/client'
import { FirstDocument } from '../api/generated'
import { loadBoard, loaded } from './board'
import { me } from './me'

let underway: Promise<void> | null = null

/** Loads who looks at the page and all figures, once for all who ask meanwhile; at once, if both are there. */
export function loadFirst(): Promise<void> {
  if (me.value && loaded.value) return Promise.resolve()
  const charts = () => request(FirstDocument, {}).then(({ viewer, charts }) => ((me.value = viewer), charts))
  underway ??= loadBoard(charts()).finally(() => (underway = null))
  return underway
}
