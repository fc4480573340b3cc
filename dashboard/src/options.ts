/** What the server tells the page, in a meta element of index.html (dashboard.Options in Go). */
export type Options = {
  cognito?: { domain: string; clientId: string; scopes: string[] }
}

export const options: Options = JSON.parse(
  document.querySelector<HTMLMetaElement>('meta[name=mykpi-options]')?.content || '{}',
)
