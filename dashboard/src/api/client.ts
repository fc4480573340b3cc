import { freshToken, tokenInstead } from '../session/session'
import type { TypedDocumentString } from './generated'
import { parseAnswer } from './decimal'
import { bodyOf, post } from './post'

/** A refusal of the server: its code (security.md) and, where one is at fault, the input field. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly field?: string,
  ) {
    super(message)
  }
}

type Answer<T> = { data?: T; errors?: { message: string; extensions?: { code?: string; field?: string } }[] }

/** Carries out a query or a mutation. Throws an ApiError; its code is UNAVAILABLE where the server can't be reached. */
export async function request<T, V>(document: TypedDocumentString<T, V>, variables: V): Promise<T> {
  const body = bodyOf(document, variables)
  let response: Response
  let answer: Answer<T>
  try {
    const token = await freshToken()
    response = await post(body, token)
    const other = response.status === 401 && token ? await tokenInstead(token) : null
    if (other) response = await post(body, other)
    answer = parseAnswer(await response.text()) as Answer<T>
  } catch {
    throw new ApiError('The server can’t be reached. Nothing was changed; please try again.', 'UNAVAILABLE')
  }
  const error = answer.errors?.[0]
  if (error) throw new ApiError(error.message, error.extensions?.code ?? 'INTERNAL', error.extensions?.field)
  if (!answer.data) throw new ApiError(`The server answered ${response.status}.`, 'INTERNAL')
  return answer.data
}

/** What went wrong, in words for the person. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
