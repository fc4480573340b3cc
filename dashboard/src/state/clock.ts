import { signal } from '@preact/signals'

/** Now, to the ten seconds: what shows an age reads it, and so stays true. */
export const now = signal(Date.now())

setInterval(() => (now.value = Date.now()), 10_000)
