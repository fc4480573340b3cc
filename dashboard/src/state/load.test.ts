import { expect, test, vi } from 'vitest'
import type { FirstQuery } from '../api/generated'
import { board } from './board'
import { forgetAll, loadFirst } from './load'
import { me } from './me'

type Answer = (answer: FirstQuery) => void
const { asked } = vi.hoisted(() => ({ asked: [] as Answer[] }))

vi.mock('../api/client', () => ({ request: () => new Promise<FirstQuery>((resolve) => asked.push(resolve)) }))
vi.mock('./order', () => ({ order: { value: [] } }))

const first = (who: string) =>
  ({ viewer: { subject: who }, charts: { nodes: [{ id: `of ${who}`, version: 1, status: 'ACTIVE' }], pageInfo: { hasNextPage: false } } }) as unknown as FirstQuery

test('who signs in next sees nothing of who was signed in before', async () => {
  const before = loadFirst()
  expect(loadFirst()).toBe(before)
  forgetAll()
  const next = loadFirst()
  asked[1]!(first('Ada'))
  await next
  asked[0]!(first('Bob'))
  await before
  expect(asked).toHaveLength(2)
  expect(me.value?.subject).toBe('Ada')
  expect(board.value.map(({ id }) => id)).toEqual(['of Ada'])
})
