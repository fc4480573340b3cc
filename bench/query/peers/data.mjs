// What every peer serves: the part of MyKPI's schema that the dashboard asks, answered from memory. Dates and decimals are
// kept as they are written, which is the cheapest for all of them.
import { readFileSync } from 'node:fs'

export const typeDefs = `
  scalar Decimal
  scalar DateTime
  enum Visualization { NUMBER LINE AREA BAR GAUGE }
  enum Aggregation { LAST SUM AVERAGE MINIMUM MAXIMUM COUNT }
  enum Direction { UP_IS_GOOD DOWN_IS_GOOD NEUTRAL }
  enum ChartStatus { ACTIVE ARCHIVED }
  enum Period { TODAY LAST_24_HOURS LAST_7_DAYS LAST_30_DAYS }
  enum Granularity { HOUR DAY WEEK MONTH }
  type Query { charts(first: Int = 50): ChartConnection! }
  type ChartConnection { nodes: [Chart!]! totalCount: Int! }
  type Chart {
    id: ID! key: String! name: String! description: String
    visualization: Visualization! aggregation: Aggregation! direction: Direction! status: ChartStatus!
    kpi(period: Period = LAST_7_DAYS): Kpi!
    trend(period: Period = LAST_7_DAYS, granularity: Granularity): Trend!
  }
  type Kpi { value: Decimal previousValue: Decimal changePercent: Decimal }
  type Trend { buckets: [TrendBucket!]! }
  type TrendBucket { start: DateTime! value: Decimal }
`

const answer = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const connection = { nodes: answer.data.charts.nodes, totalCount: answer.data.charts.nodes.length }

export const resolvers = { Query: { charts: () => connection } }

// announce tells the benchmark where the server is.
export const announce = (port) => console.log(`http://127.0.0.1:${port}`)
