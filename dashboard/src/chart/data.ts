import { request } from '../api/client'
import type { Decimal } from '../api/decimal'
import {
  ChartViewDocument, GhostDocument, HistoryDocument, PointsDocument,
  type ChartViewQuery, type Granularity, type HistoryQuery, type Period, type PointsQuery,
} from '../api/generated'
import { spanBefore } from './periods'

export type ChartData = NonNullable<ChartViewQuery['chart']>
export type Bucket = ChartData['trend']['buckets'][number]
export type Point = NonNullable<PointsQuery['chart']>['points']['nodes'][number]
export type HistoryEvent = NonNullable<HistoryQuery['chart']>['history']['nodes'][number]
export type View = { chart: ChartData; period: Period; ghost: (Decimal | null)[] }

const PAGE = 500

/** Whether a longer period has a greater value. */
export function addsUp({ aggregation }: Pick<ChartData, 'aggregation'>): boolean {
  return aggregation === 'SUM' || aggregation === 'COUNT'
}

/** A chart over a period, with the period before beside it; null if there is no such chart. */
export async function loadView(key: string, period: Period, granularity: Granularity | null): Promise<View | null> {
  const { chart } = await request(ChartViewDocument, { key, period, granularity })
  if (!chart) return null
  const { trend } = chart
  const before = spanBefore(period, trend.from, trend.to, trend.timeZone)
  const ghost = await request(GhostDocument, { key, ...before, granularity: trend.granularity })
  return { chart, period, ghost: ghost.chart?.trend.buckets.map((b) => b.value).slice(0, trend.buckets.length) ?? [] }
}

export type Span = { from: string; to: string }

/** The points of a span, oldest first, up to limit. */
export async function loadPoints(key: string, span: Span, limit: number): Promise<{ points: Point[]; more: boolean }> {
  const points: Point[] = []
  let after: string | null = null
  for (;;) {
    const answer: PointsQuery = await request(PointsDocument, { key, ...span, first: Math.min(PAGE, limit - points.length), after })
    const page = answer.chart?.points
    if (!page) return { points, more: false }
    points.push(...page.nodes)
    if (!page.pageInfo.hasNextPage) return { points, more: false }
    if (points.length >= limit) return { points, more: true }
    after = page.pageInfo.endCursor
  }
}

export async function loadHistory(key: string, after: string | null) {
  const { chart } = await request(HistoryDocument, { key, after })
  return chart?.history ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }
}
