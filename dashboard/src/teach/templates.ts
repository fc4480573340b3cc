import type { CreateChartInput } from '../api/generated'

/** Starter sets: charts that fit a kind of business, and how n8n feeds each. */

type Hint = { trigger: string; value: string }
export type TemplateChart = { chart: CreateChartInput & { key: string }; hint: Hint }
export type Template = { id: string; name: string; about: string; charts: readonly TemplateChart[] }

const HOUR = 3600
const DAY = 24 * HOUR
const euros = { kind: 'CURRENCY', currency: 'EUR', decimals: 2 } as const
const count = { kind: 'NUMBER', decimals: 0 } as const
const percent = { kind: 'PERCENT', decimals: 1 } as const
const hours = { kind: 'NUMBER', decimals: 1, suffix: 'h' } as const

const shop: Template = {
  id: 'shop',
  name: 'Shop',
  about: 'Revenue, orders, baskets, refunds',
  charts: [
    { chart: { key: 'revenue', name: 'Revenue', visualization: 'AREA', aggregation: 'SUM', unit: euros, staleAfter: DAY }, hint: { trigger: 'Stripe Trigger, on charge.succeeded', value: '$json.data.object.amount / 100' } },
    { chart: { key: 'orders', name: 'Orders', visualization: 'BAR', aggregation: 'SUM', unit: { ...count, suffix: 'orders' }, staleAfter: DAY }, hint: { trigger: 'Shopify or WooCommerce Trigger, on a new order', value: '1' } },
    { chart: { key: 'average-order-value', name: 'Average order value', visualization: 'LINE', aggregation: 'AVERAGE', unit: euros }, hint: { trigger: 'The same trigger as for orders', value: 'Number($json.total_price)' } },
    { chart: { key: 'refunds', name: 'Refunds', visualization: 'BAR', aggregation: 'SUM', unit: euros, direction: 'DOWN_IS_GOOD' }, hint: { trigger: 'Stripe Trigger, on charge.refunded', value: '$json.data.object.amount_refunded / 100' } },
    { chart: { key: 'stock-alerts', name: 'Products nearly sold out', visualization: 'GAUGE', aggregation: 'LAST', unit: count, direction: 'DOWN_IS_GOOD', target: '5', staleAfter: 2 * DAY }, hint: { trigger: 'Schedule Trigger, daily, then your shop’s products', value: '$input.all().filter(p => p.json.stock < 10).length' } },
    { chart: { key: 'visitors', name: 'Visitors', visualization: 'AREA', aggregation: 'SUM', unit: count }, hint: { trigger: 'Schedule Trigger, hourly, then Google Analytics', value: 'Number($json.sessions)' } },
  ],
}

const saas: Template = {
  id: 'saas',
  name: 'SaaS',
  about: 'MRR, sign-ups, churn, support',
  charts: [
    { chart: { key: 'mrr', name: 'Monthly recurring revenue', visualization: 'AREA', aggregation: 'LAST', unit: { ...euros, decimals: 0 }, staleAfter: 2 * DAY }, hint: { trigger: 'Schedule Trigger, daily, then Stripe subscriptions', value: '$input.all().reduce((sum, s) => sum + s.json.plan.amount / 100, 0)' } },
    { chart: { key: 'signups', name: 'Sign-ups', visualization: 'BAR', aggregation: 'COUNT', unit: count }, hint: { trigger: 'Webhook, from your sign-up', value: '1' } },
    { chart: { key: 'churn', name: 'Churn', visualization: 'LINE', aggregation: 'LAST', unit: percent, direction: 'DOWN_IS_GOOD', target: '3' }, hint: { trigger: 'Schedule Trigger, daily, then Stripe subscriptions', value: '100 * $json.cancelled / $json.total' } },
    { chart: { key: 'active-users', name: 'Active users', visualization: 'AREA', aggregation: 'LAST', unit: count, staleAfter: 2 * DAY }, hint: { trigger: 'Schedule Trigger, hourly, then Postgres', value: '$json.count' } },
    { chart: { key: 'first-response', name: 'First response time', visualization: 'LINE', aggregation: 'AVERAGE', unit: { kind: 'DURATION', decimals: 0 }, direction: 'DOWN_IS_GOOD', target: '14400' }, hint: { trigger: 'Zendesk or Intercom Trigger, on a first reply', value: '$json.reply_time_in_seconds' } },
    { chart: { key: 'api-latency', name: 'API latency', visualization: 'LINE', aggregation: 'AVERAGE', unit: { kind: 'DURATION', decimals: 2 }, direction: 'DOWN_IS_GOOD', target: '0.3', staleAfter: HOUR }, hint: { trigger: 'Schedule Trigger, every 5 minutes, then your monitoring', value: '$json.p95 / 1000' } },
  ],
}

const agency: Template = {
  id: 'agency',
  name: 'Agency',
  about: 'Billable hours, pipeline, invoices',
  charts: [
    { chart: { key: 'billable-hours', name: 'Billable hours', visualization: 'BAR', aggregation: 'SUM', unit: hours, target: '120' }, hint: { trigger: 'Clockify or Toggl, on a new time entry', value: '$json.duration / 3600' } },
    { chart: { key: 'utilisation', name: 'Utilisation', visualization: 'GAUGE', aggregation: 'LAST', unit: percent, target: '75', staleAfter: 2 * DAY }, hint: { trigger: 'Schedule Trigger, daily, then Clockify', value: '100 * $json.billable / $json.tracked' } },
    { chart: { key: 'pipeline', name: 'Pipeline', visualization: 'AREA', aggregation: 'LAST', unit: { ...euros, decimals: 0 } }, hint: { trigger: 'Schedule Trigger, daily, then HubSpot or Pipedrive deals', value: '$input.all().reduce((sum, d) => sum + d.json.amount, 0)' } },
    { chart: { key: 'invoices-overdue', name: 'Invoices overdue', visualization: 'LINE', aggregation: 'LAST', unit: euros, direction: 'DOWN_IS_GOOD', target: '2000' }, hint: { trigger: 'Schedule Trigger, daily, then your invoicing', value: '$json.amount_due' } },
    { chart: { key: 'new-leads', name: 'New leads', visualization: 'BAR', aggregation: 'COUNT', unit: count }, hint: { trigger: 'Typeform or Webhook, on a new enquiry', value: '1' } },
    { chart: { key: 'client-happiness', name: 'Client happiness', visualization: 'LINE', aggregation: 'AVERAGE', unit: { kind: 'NUMBER', decimals: 1, suffix: '/ 10' }, target: '8.5' }, hint: { trigger: 'Google Sheets Trigger, on a new survey row', value: 'Number($json.score)' } },
  ],
}

export const templates: readonly Template[] = [shop, saas, agency]

/** How n8n may feed a chart with this key, if a template knows it. */
export function hintFor(key: string): Hint | undefined {
  for (const template of templates) for (const { chart, hint } of template.charts) if (chart.key === key) return hint
}
