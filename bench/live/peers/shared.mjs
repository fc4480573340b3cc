// What both Node peers serve: the part of MyKPI's schema that the dashboard follows, and one update.
export const typeDefs = `
  type Query { version: String! }
  type Kpi { value: Float changePercent: Float status: String! }
  type Chart { id: ID! key: String! name: String! version: Int! kpi: Kpi! }
  type KpiUpdate { chart: Chart! cause: String! cursor: String! }
  type Subscription { kpiUpdated: KpiUpdate! }
`;

let version = 0;

export const update = () => ({
  cause: 'POINTS_RECORDED',
  cursor: 'UkhKTFFaM1c6MTI6MTc5NTQxOTMxMA',
  chart: {
    id: 'chart_v2xxjdvm3w6atgixpna7wom7jl', key: 'revenue-of-the-day', name: 'Revenue of the day', version: ++version,
    kpi: { value: 1234 + version, changePercent: 2.8, status: 'NO_TARGET' },
  },
});
