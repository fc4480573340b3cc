import { signal } from '@preact/signals'

/** Where the page is. Links are plain anchors; clicks on those of this page don't load it again. */
export const place = signal(read())

function read() {
  return { path: location.pathname, query: new URLSearchParams(location.search) }
}

export function navigate(to: string, { replace = false } = {}): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', to)
  place.value = read()
  window.scrollTo(0, 0)
}

window.addEventListener('popstate', () => (place.value = read()))

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
  if (link.hash || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  navigate(link.pathname + link.search)
})
