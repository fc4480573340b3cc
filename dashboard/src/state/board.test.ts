import { beforeEach, expect, test, vi } from 'vitest'
import type { BoardFragment } from '../api/generated'
import { board, forgetBoard, loadBoard, takeIn, type Card } from './board'

vi.mock('../api/client', () => ({})) // it belongs to a page; nothing is asked here
vi.mock('./order', () => ({ order: { value: [] } }))

const card = (id: string, version: number, status = 'ACTIVE') => ({ id, key: id, version, status }) as unknown as Card
const page = (...nodes: Card[]) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } }) as unknown as BoardFragment
const shown = () => board.value.map(({ id, version }) => `${id} ${version}`)

beforeEach(forgetBoard)

test('an answer takes back nothing that came while it was under way', async () => {
  await loadBoard(Promise.resolve(page(card('revenue', 1), card('orders', 1), card('visitors', 1))))
  let answer!: (charts: BoardFragment) => void
  const load = loadBoard(new Promise((resolve) => (answer = resolve)))
  takeIn(card('made', 1))
  takeIn(card('revenue', 2))
  takeIn(card('orders', 2, 'ARCHIVED'))
  answer(page(card('revenue', 1), card('orders', 1), card('visitors', 2)))
  await load
  expect(shown()).toEqual(['revenue 2', 'visitors 2', 'made 1'])
})

test('what an answer lacks is gone', async () => {
  await loadBoard(Promise.resolve(page(card('revenue', 1), card('orders', 1))))
  await loadBoard(Promise.resolve(page(card('orders', 1))))
  expect(shown()).toEqual(['orders 1'])
})

test('an older load that ends later takes back nothing of a newer one', async () => {
  let answer!: (charts: BoardFragment) => void
  const older = loadBoard(new Promise((resolve) => (answer = resolve)))
  await loadBoard(Promise.resolve(page(card('revenue', 1), card('made', 1))))
  answer(page(card('revenue', 1), card('archived', 1)))
  await older
  expect(shown()).toEqual(['revenue 1', 'made 1'])
})

test('a load of a session that has ended fills no other board', async () => {
  let answer!: (charts: BoardFragment) => void
  const ended = loadBoard(new Promise((resolve) => (answer = resolve)))
  forgetBoard()
  answer(page(card('of another tenant', 1)))
  await ended
  expect(shown()).toEqual([])
})

test('what came while a load failed is not held against the next', async () => {
  await expect(loadBoard(Promise.reject(new Error('no network')))).rejects.toThrow('no network')
  takeIn(card('gone', 1))
  await loadBoard(Promise.resolve(page(card('revenue', 1))))
  expect(shown()).toEqual(['revenue 1'])
})
