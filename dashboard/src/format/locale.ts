/** The person's locale, for numbers and times alike; where there is no navigator, as in tests, Intl's own. */
export const LOCALE: string | undefined = globalThis.navigator?.language
