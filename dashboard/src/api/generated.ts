/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { Decimal } from './decimal';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A kind of caller. */
export type ActorKind =
  /** A machine with a key. */
  | 'API_KEY'
  /** MyKPI itself. */
  | 'SYSTEM'
  /** A person. */
  | 'USER';

/** How points of the same bucket or period combine into one value. */
export type Aggregation =
  /** The mean of the points. */
  | 'AVERAGE'
  /** The number of points, whatever their values. */
  | 'COUNT'
  /** The newest point counts: for levels, such as stock or MRR. */
  | 'LAST'
  /** The largest point. */
  | 'MAXIMUM'
  /** The smallest point. */
  | 'MINIMUM'
  /** Points add up: for amounts, such as revenue. */
  | 'SUM';

/** The chart to take out of use. */
export type ArchiveChartInput = {
  /** Which chart. */
  chart: ChartRef;
  /** The version that the caller has seen; with another one it is refused with VERSION_CONFLICT. Any version will do if left out. */
  expectedVersion?: number | null | undefined;
};

/** Whose role to change. */
export type ChangeMemberRoleInput = {
  /** The member's ID. */
  id: string | number;
  /** The role from now on. */
  role: Role;
};

/** Names one chart of the caller's tenant, by exactly one of its fields. */
export type ChartRef =
  {   /** The chart's ID. */
  id: string | number; key?: never; }
  |  { id?: never;   /** The chart's key. */
  key: string; };

/** Whether a chart is in use. */
export type ChartStatus =
  /** In use. */
  | 'ACTIVE'
  /** Out of use: hidden from lists unless asked for, and closed to new points. Its data stays. */
  | 'ARCHIVED';

/** A new API key. */
export type CreateApiKeyInput = {
  /** The only charts into which it may record, 1 to 100 of them; all if left out. Goes with RECORD, beside READ at most. */
  charts?: Array<ChartRef> | null | undefined;
  /** When it is to end by itself; never if left out. */
  expiresAt?: string | null | undefined;
  /** What people are to call it, such as the flow that uses it: 1 to 120 characters. */
  name: string;
  /** All that it may do; none that you don't hold yourself. */
  permissions?: Array<Permission>;
};

/** A new chart. */
export type CreateChartInput = {
  /** How points combine into one value. It can't be changed later. */
  aggregation?: Aggregation;
  /** More about the figure, up to 2,000 characters. */
  description?: string | null | undefined;
  /** Which way the figure should go. */
  direction?: Direction;
  /** The chart's name for machines, [a-z0-9][a-z0-9-]{0,62}, unique in the tenant; made from the name if left out. */
  key?: string | null | undefined;
  /** The chart's name for people: 1 to 120 characters. */
  name: string;
  /** Seconds without data after which the chart is stale; never, if left out. */
  staleAfter?: number | null | undefined;
  /** The value to reach. */
  target?: string | null | undefined;
  /** What values measure; a plain number with two decimals if left out. */
  unit?: UnitInput | null | undefined;
  /** How a dashboard draws the chart. */
  visualization?: Visualization;
};

/** A value to record. */
export type DataPointInput = {
  /** The instant that the value belongs to, from 1990 to five minutes ahead; now, if left out. */
  at?: string | null | undefined;
  /** What the point is known by, such as an order number: up to 255 bytes. If left out, it is known by its instant. */
  key?: string | null | undefined;
  /** The value. */
  value: string;
};

/** Which way a figure should go. */
export type Direction =
  /** Less is better, as with churn. */
  | 'DOWN_IS_GOOD'
  /** Neither is better. */
  | 'NEUTRAL'
  /** More is better, as with revenue. */
  | 'UP_IS_GOOD';

/** The size of a trend's buckets, in the tenant's time zone. */
export type Granularity =
  /** From midnight to midnight: 23 or 25 hours on days when clocks change. */
  | 'DAY'
  /** By the hour. */
  | 'HOUR'
  /** By the calendar month. */
  | 'MONTH'
  /** From the tenant's first day of the week. */
  | 'WEEK';

/** How subscribers learn of points. */
export type IngestMode =
  /** For history that is loaded in bulk: subscribers get one update at its end. */
  | 'BACKFILL'
  /** At once. */
  | 'LIVE';

/** Whether the points of an ingestion stand. */
export type IngestionStatus =
  /** They stand, unless recorded or removed again since. */
  | 'RECORDED'
  /** They were taken back. */
  | 'UNDONE';

/** Whom to invite. */
export type InviteMemberInput = {
  /** The address that the person signs in with, whatever its case. */
  email: string;
  /** The role. */
  role: Role;
};

/** How a chart stands. */
export type KpiStatus =
  /** No point counts in the period. */
  | 'NO_DATA'
  /** There is a value, and no target to hold it against. */
  | 'NO_TARGET'
  /** The value misses the target. */
  | 'OFF_TRACK'
  /** The value meets the target. */
  | 'ON_TRACK'
  /** No point came for longer than the chart's staleAfter. */
  | 'STALE';

/** How far a member has come. */
export type MemberStatus =
  /** Has signed in. */
  | 'ACTIVE'
  /** Invited: the first sign-in with the verified address makes the member active. */
  | 'INVITED'
  /** Kept out, until invited again. */
  | 'REMOVED';

/** What to do if some points of a batch are not valid. */
export type OnInvalid =
  /** Refuse the whole batch with an error that names the first. */
  | 'FAIL'
  /** Record those that are valid, and tell the others in the answer. */
  | 'SKIP';

/** A span of the tenant's calendar that moves with the present and ends with it. */
export type Period =
  /** Today and the six days before. */
  | 'LAST_7_DAYS'
  /** This month and the eleven before. */
  | 'LAST_12_MONTHS'
  /** The hour that has begun and the 23 before. */
  | 'LAST_24_HOURS'
  /** Today and the 29 days before. */
  | 'LAST_30_DAYS'
  /** Today and the 89 days before. */
  | 'LAST_90_DAYS'
  /** Since the first of the month. */
  | 'THIS_MONTH'
  /** Since the first of January, April, July or October. */
  | 'THIS_QUARTER'
  /** Since the tenant's week began. */
  | 'THIS_WEEK'
  /** Since the first of January. */
  | 'THIS_YEAR'
  /** Since midnight. */
  | 'TODAY';

/** One thing that a caller may do in its tenant. No permission includes another; roles combine them. */
export type Permission =
  /** Change the tenant itself. */
  | 'ADMINISTER'
  /** Create, change and archive charts, and take points back. */
  | 'EDIT'
  /** See charts, their figures and their history. */
  | 'READ'
  /** Send data points. */
  | 'RECORD';

/** Points to record in one chart. */
export type RecordDataPointsInput = {
  /** Which chart. */
  chart: ChartRef;
  /** Answer what would happen, and write nothing. */
  dryRun?: boolean;
  /** Makes retries safe for 48 hours: the same key with the same input gets the first answer again, with another input IDEMPOTENCY_KEY_REUSED. Up to 255 characters. */
  idempotencyKey?: string | null | undefined;
  /** How subscribers learn of the points. */
  mode?: IngestMode;
  /** What to do if some points are not valid. */
  onInvalid?: OnInvalid;
  /** The points, 1 to 10,000. */
  points: Array<DataPointInput>;
  /** Where the points come from, such as the ID of an n8n execution. */
  source?: string | null | undefined;
};

/** An ingestion to bring back. */
export type RedoIngestionInput = {
  /** Answer what would happen, and write nothing. */
  dryRun?: boolean;
  /** The ingestion's ID. */
  id: string | number;
};

/** Points to take back. Those that the chart doesn't have are passed over. */
export type RemoveDataPointsInput = {
  /** Which chart. */
  chart: ChartRef;
  /** The instants of points that have no key. */
  instants?: Array<string> | null | undefined;
  /** The keys of points that have one. */
  keys?: Array<string> | null | undefined;
  /** Why, for the history: up to 2,000 characters. */
  reason?: string | null | undefined;
};

/** Whom to remove. */
export type RemoveMemberInput = {
  /** The member's ID. */
  id: string | number;
};

/** Refused points to send again. */
export type ReplayRejectedPointsInput = {
  /** The IDs of refused points, 1 to 10,000. */
  ids: Array<string | number>;
};

/** The chart to bring back. */
export type RestoreChartInput = {
  /** Which chart. */
  chart: ChartRef;
  /** The version that the caller has seen; with another one it is refused with VERSION_CONFLICT. Any version will do if left out. */
  expectedVersion?: number | null | undefined;
};

/** Which API key to end. */
export type RevokeApiKeyInput = {
  /** The key's ID. */
  id: string | number;
};

/** What a person may do in a tenant: a fixed set of permissions. */
export type Role =
  /** Every permission. */
  | 'ADMIN'
  /** READ, RECORD and EDIT. */
  | 'EDITOR'
  /** READ. */
  | 'VIEWER';

/** Whether a change is welcome. */
export type Sentiment =
  /** The figure went the other way. */
  | 'BAD'
  /** The figure went the way it should. */
  | 'GOOD'
  /** Nothing changed, it can't be told, or neither way is better. */
  | 'NEUTRAL';

/** An ingestion to take back. */
export type UndoIngestionInput = {
  /** Answer what would happen, and write nothing. */
  dryRun?: boolean;
  /** The ingestion's ID. */
  id: string | number;
  /** Why, for the history: up to 2,000 characters. */
  reason?: string | null | undefined;
};

/** What values measure, and how to show them. */
export type UnitInput = {
  /** The ISO 4217 code, such as EUR: required if kind is CURRENCY, refused else. */
  currency?: string | null | undefined;
  /** How many decimals to show, 0 to 6. */
  decimals?: number | null | undefined;
  /** What values measure. */
  kind?: UnitKind;
  /** A text to show behind the value, up to 16 characters. */
  suffix?: string | null | undefined;
};

/** What values measure. */
export type UnitKind =
  /** Data, in bytes. */
  | 'BYTES'
  /** Money, in the unit's currency. */
  | 'CURRENCY'
  /** Time, in seconds. */
  | 'DURATION'
  /** A plain number. */
  | 'NUMBER'
  /** Hundredths: 12.5 is 12.5 %. */
  | 'PERCENT';

/** What brought an update about. */
export type UpdateCause =
  /** The chart was taken out of use. */
  | 'CHART_ARCHIVED'
  /** The chart was made. */
  | 'CHART_CREATED'
  /** The chart was brought back. */
  | 'CHART_RESTORED'
  /** The chart's settings changed. */
  | 'CHART_UPDATED'
  /** A day, week or month began, and with it a new bucket. */
  | 'PERIOD_ROLLED'
  /** Points were recorded. */
  | 'POINTS_RECORDED'
  /** Points were taken back. */
  | 'POINTS_REMOVED'
  /** What changed since the client's cursor can't be told any more: start again from this state. */
  | 'RESYNC'
  /** The subscription began: this is the state to start from. */
  | 'SNAPSHOT'
  /** No point came for longer than the chart's staleAfter. */
  | 'STALE'
  /** The tenant's calendar changed, and with it every figure. */
  | 'TENANT_UPDATED';

/** Changes of a chart. A field that is left out stays as it is. An explicit null clears it: description, target and staleAfter to nothing, visualization, unit and direction to what a new chart has. A name can't be cleared. */
export type UpdateChartInput = {
  /** Which chart. */
  chart: ChartRef;
  /** More about the figure, up to 2,000 characters. */
  description?: string | null | undefined;
  /** Which way the figure should go. */
  direction?: Direction | null | undefined;
  /** The version that the caller has seen; with another one the change is refused with VERSION_CONFLICT. Any version will do if left out. */
  expectedVersion?: number | null | undefined;
  /** The chart's name for people: 1 to 120 characters. */
  name?: string | null | undefined;
  /** Seconds without data after which the chart is stale. */
  staleAfter?: number | null | undefined;
  /** The value to reach. */
  target?: string | null | undefined;
  /** What values measure, and how to show them: the whole of it. */
  unit?: UnitInput | null | undefined;
  /** How a dashboard draws the chart. */
  visualization?: Visualization | null | undefined;
};

/** Changes of the tenant's settings. What is left out, or null, stays as it is. */
export type UpdateTenantInput = {
  /** What people call the business: 1 to 120 characters. */
  name?: string | null | undefined;
  /** The zone whose midnights begin days. */
  timeZone?: string | null | undefined;
  /** The day on which weeks begin. */
  weekStart?: Weekday | null | undefined;
};

/** How a dashboard draws a chart. */
export type Visualization =
  /** The trend as a line with the area below it filled. */
  | 'AREA'
  /** The trend as bars. */
  | 'BAR'
  /** The value against the target. */
  | 'GAUGE'
  /** The trend as a line. */
  | 'LINE'
  /** The value alone, large. */
  | 'NUMBER';

/** The day on which a week begins. */
export type Weekday =
  /** As ISO 8601 has it. */
  | 'MONDAY'
  /** As is usual in much of the Arab world. */
  | 'SATURDAY'
  /** As is usual in America. */
  | 'SUNDAY';

export type KeyFragment = { id: string, name: string, prefix: string, permissions: Array<Permission>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null };

export type PersonFragment = { id: string, email: string, role: Role, status: MemberStatus, invitedAt: string, joinedAt: string | null };

export type ApiKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type ApiKeysQuery = { apiKeys: Array<{ id: string, name: string, prefix: string, permissions: Array<Permission>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null }> };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string, apiKey: { id: string, name: string, prefix: string, permissions: Array<Permission>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null } } };

export type RevokeApiKeyMutationVariables = Exact<{
  input: RevokeApiKeyInput;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { apiKey: { id: string, name: string, prefix: string, permissions: Array<Permission>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null } } };

export type MembersQueryVariables = Exact<{ [key: string]: never; }>;


export type MembersQuery = { members: Array<{ id: string, email: string, role: Role, status: MemberStatus, invitedAt: string, joinedAt: string | null }> };

export type InviteMemberMutationVariables = Exact<{
  input: InviteMemberInput;
}>;


export type InviteMemberMutation = { inviteMember: { member: { id: string, email: string, role: Role, status: MemberStatus, invitedAt: string, joinedAt: string | null } } };

export type ChangeMemberRoleMutationVariables = Exact<{
  input: ChangeMemberRoleInput;
}>;


export type ChangeMemberRoleMutation = { changeMemberRole: { member: { id: string, email: string, role: Role, status: MemberStatus, invitedAt: string, joinedAt: string | null } } };

export type RemoveMemberMutationVariables = Exact<{
  input: RemoveMemberInput;
}>;


export type RemoveMemberMutation = { removeMember: { member: { id: string, email: string, role: Role, status: MemberStatus, invitedAt: string, joinedAt: string | null } } };

export type UsageQueryVariables = Exact<{ [key: string]: never; }>;


export type UsageQuery = { tenant: { usage: { charts: number, chartLimit: number, pointsToday: number, pointsPerDayLimit: number, sockets: number, socketLimit: number } } };

export type DeliveryFragment = { id: string, source: string | null, at: string, status: IngestionStatus, recorded: number, corrected: number, unchanged: number, rejected: number, actor: { kind: ActorKind, label: string }, charts: Array<{ key: string, name: string }> };

export type DeliveriesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type DeliveriesQuery = { ingestions: { nodes: Array<{ id: string, source: string | null, at: string, status: IngestionStatus, recorded: number, corrected: number, unchanged: number, rejected: number, actor: { kind: ActorKind, label: string }, charts: Array<{ key: string, name: string }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type UndoDeliveryMutationVariables = Exact<{
  input: UndoIngestionInput;
}>;


export type UndoDeliveryMutation = { undoIngestion: { removed: number, restored: number, kept: number } };

export type RedoDeliveryMutationVariables = Exact<{
  input: RedoIngestionInput;
}>;


export type RedoDeliveryMutation = { redoIngestion: { recorded: number, corrected: number, kept: number } };

export type RefusedQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type RefusedQuery = { rejectedPoints: { nodes: Array<{ id: string, chartKey: string | null, code: string, message: string, raw: unknown, source: string | null, receivedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ReplayMutationVariables = Exact<{
  input: ReplayRejectedPointsInput;
}>;


export type ReplayMutation = { replayRejectedPoints: { recorded: number, corrected: number, unchanged: number, rejected: Array<{ code: string, message: string }> } };

export type SettingsFragment = { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } };

export type FiguresFragment = { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null };

export type BucketsFragment = { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> };

export type CardFragment = { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } };

export type BoardFragment = { nodes: Array<{ id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } };

export type FirstQueryVariables = Exact<{ [key: string]: never; }>;


export type FirstQuery = { viewer: { subject: string, email: string | null, role: Role | null, permissions: Array<Permission>, tenant: { id: string, name: string, timeZone: string, weekStart: Weekday } }, charts: { nodes: Array<{ id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type VersionQueryVariables = Exact<{ [key: string]: never; }>;


export type VersionQuery = { version: string };

export type BoardQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type BoardQuery = { charts: { nodes: Array<{ id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ArchivedQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ArchivedQuery = { charts: { nodes: Array<{ id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ChartViewQueryVariables = Exact<{
  key: string;
  period: Period;
  granularity?: Granularity | null | undefined;
}>;


export type ChartViewQuery = { chart: { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } } | null };

export type GhostQueryVariables = Exact<{
  key: string;
  from: string;
  to: string;
  granularity: Granularity;
}>;


export type GhostQuery = { chart: { trend: { buckets: Array<{ start: string, value: Decimal | null }> } } | null };

export type PointsQueryVariables = Exact<{
  key: string;
  from: string;
  to: string;
  first: number;
  after?: string | null | undefined;
}>;


export type PointsQuery = { chart: { points: { nodes: Array<{ key: string, at: string, value: Decimal, source: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type HistoryQueryVariables = Exact<{
  key: string;
  after?: string | null | undefined;
}>;


export type HistoryQuery = { chart: { history: { nodes: Array<{ id: string, type: string, version: number, occurredAt: string, summary: string, data: unknown, actor: { kind: ActorKind, id: string, label: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type SettingsOfQueryVariables = Exact<{
  key: string;
}>;


export type SettingsOfQuery = { chart: { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } } | null };

export type CreateChartMutationVariables = Exact<{
  input: CreateChartInput;
}>;


export type CreateChartMutation = { createChart: { chart: { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } } } };

export type UpdateChartMutationVariables = Exact<{
  input: UpdateChartInput;
}>;


export type UpdateChartMutation = { updateChart: { chart: { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } } } };

export type ArchiveChartMutationVariables = Exact<{
  input: ArchiveChartInput;
}>;


export type ArchiveChartMutation = { archiveChart: { chart: { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } } } };

export type RestoreChartMutationVariables = Exact<{
  input: RestoreChartInput;
}>;


export type RestoreChartMutation = { restoreChart: { chart: { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } } } };

export type RecordValueMutationVariables = Exact<{
  input: RecordDataPointsInput;
}>;


export type RecordValueMutation = { recordDataPoints: { recorded: number, corrected: number, unchanged: number, chart: { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } }, rejected: Array<{ code: string, message: string }> } };

export type RemovePointsMutationVariables = Exact<{
  input: RemoveDataPointsInput;
}>;


export type RemovePointsMutation = { removeDataPoints: { removed: number, chart: { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } } } };

export type UpdateTenantMutationVariables = Exact<{
  input: UpdateTenantInput;
}>;


export type UpdateTenantMutation = { updateTenant: { tenant: { id: string, name: string, timeZone: string, weekStart: Weekday } } };

export type KpiUpdatedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type KpiUpdatedSubscription = { kpiUpdated: { cause: UpdateCause, cursor: string, chart: { id: string, key: string, name: string, description: string | null, visualization: Visualization, aggregation: Aggregation, target: Decimal | null, direction: Direction, staleAfter: number | null, status: ChartStatus, version: number, updatedAt: string, kpi: { value: Decimal | null, previousValue: Decimal | null, change: Decimal | null, changePercent: Decimal | null, sentiment: Sentiment, targetProgress: Decimal | null, status: KpiStatus, asOf: string | null }, trend: { from: string, to: string, granularity: Granularity, timeZone: string, buckets: Array<{ start: string, end: string, value: Decimal | null, count: number, complete: boolean }> }, unit: { kind: UnitKind, currency: string | null, decimals: number, suffix: string | null } } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const KeyFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Key on ApiKey {
  id
  name
  prefix
  permissions
  createdAt
  expiresAt
  lastUsedAt
  revokedAt
}
    `, {"fragmentName":"Key"}) as unknown as TypedDocumentString<KeyFragment, unknown>;
export const PersonFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Person on Member {
  id
  email
  role
  status
  invitedAt
  joinedAt
}
    `, {"fragmentName":"Person"}) as unknown as TypedDocumentString<PersonFragment, unknown>;
export const DeliveryFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Delivery on Ingestion {
  id
  source
  actor {
    kind
    label
  }
  at
  status
  charts {
    key
    name
  }
  recorded
  corrected
  unchanged
  rejected
}
    `, {"fragmentName":"Delivery"}) as unknown as TypedDocumentString<DeliveryFragment, unknown>;
export const SettingsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
    `, {"fragmentName":"Settings"}) as unknown as TypedDocumentString<SettingsFragment, unknown>;
export const FiguresFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
    `, {"fragmentName":"Figures"}) as unknown as TypedDocumentString<FiguresFragment, unknown>;
export const BucketsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
    `, {"fragmentName":"Buckets"}) as unknown as TypedDocumentString<BucketsFragment, unknown>;
export const CardFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}`, {"fragmentName":"Card"}) as unknown as TypedDocumentString<CardFragment, unknown>;
export const BoardFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Board on ChartConnection {
  nodes {
    ...Card
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`, {"fragmentName":"Board"}) as unknown as TypedDocumentString<BoardFragment, unknown>;
export const ApiKeysDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ApiKeys {
  apiKeys {
    ...Key
  }
}
    fragment Key on ApiKey {
  id
  name
  prefix
  permissions
  createdAt
  expiresAt
  lastUsedAt
  revokedAt
}`) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const CreateApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    apiKey {
      ...Key
    }
    secret
  }
}
    fragment Key on ApiKey {
  id
  name
  prefix
  permissions
  createdAt
  expiresAt
  lastUsedAt
  revokedAt
}`) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    apiKey {
      ...Key
    }
  }
}
    fragment Key on ApiKey {
  id
  name
  prefix
  permissions
  createdAt
  expiresAt
  lastUsedAt
  revokedAt
}`) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const MembersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Members {
  members {
    ...Person
  }
}
    fragment Person on Member {
  id
  email
  role
  status
  invitedAt
  joinedAt
}`) as unknown as TypedDocumentString<MembersQuery, MembersQueryVariables>;
export const InviteMemberDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation InviteMember($input: InviteMemberInput!) {
  inviteMember(input: $input) {
    member {
      ...Person
    }
  }
}
    fragment Person on Member {
  id
  email
  role
  status
  invitedAt
  joinedAt
}`) as unknown as TypedDocumentString<InviteMemberMutation, InviteMemberMutationVariables>;
export const ChangeMemberRoleDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
  changeMemberRole(input: $input) {
    member {
      ...Person
    }
  }
}
    fragment Person on Member {
  id
  email
  role
  status
  invitedAt
  joinedAt
}`) as unknown as TypedDocumentString<ChangeMemberRoleMutation, ChangeMemberRoleMutationVariables>;
export const RemoveMemberDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RemoveMember($input: RemoveMemberInput!) {
  removeMember(input: $input) {
    member {
      ...Person
    }
  }
}
    fragment Person on Member {
  id
  email
  role
  status
  invitedAt
  joinedAt
}`) as unknown as TypedDocumentString<RemoveMemberMutation, RemoveMemberMutationVariables>;
export const UsageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Usage {
  tenant {
    usage {
      charts
      chartLimit
      pointsToday
      pointsPerDayLimit
      sockets
      socketLimit
    }
  }
}
    `) as unknown as TypedDocumentString<UsageQuery, UsageQueryVariables>;
export const DeliveriesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Deliveries($after: Cursor) {
  ingestions(first: 25, after: $after) {
    nodes {
      ...Delivery
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Delivery on Ingestion {
  id
  source
  actor {
    kind
    label
  }
  at
  status
  charts {
    key
    name
  }
  recorded
  corrected
  unchanged
  rejected
}`) as unknown as TypedDocumentString<DeliveriesQuery, DeliveriesQueryVariables>;
export const UndoDeliveryDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UndoDelivery($input: UndoIngestionInput!) {
  undoIngestion(input: $input) {
    removed
    restored
    kept
  }
}
    `) as unknown as TypedDocumentString<UndoDeliveryMutation, UndoDeliveryMutationVariables>;
export const RedoDeliveryDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RedoDelivery($input: RedoIngestionInput!) {
  redoIngestion(input: $input) {
    recorded
    corrected
    kept
  }
}
    `) as unknown as TypedDocumentString<RedoDeliveryMutation, RedoDeliveryMutationVariables>;
export const RefusedDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Refused($after: Cursor) {
  rejectedPoints(first: 25, after: $after) {
    nodes {
      id
      chartKey
      code
      message
      raw
      source
      receivedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<RefusedQuery, RefusedQueryVariables>;
export const ReplayDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Replay($input: ReplayRejectedPointsInput!) {
  replayRejectedPoints(input: $input) {
    recorded
    corrected
    unchanged
    rejected {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayMutation, ReplayMutationVariables>;
export const FirstDocument = /*#__PURE__*/ new TypedDocumentString(`
    query First {
  viewer {
    subject
    email
    role
    permissions
    tenant {
      id
      name
      timeZone
      weekStart
    }
  }
  charts(first: 40) {
    ...Board
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}
fragment Board on ChartConnection {
  nodes {
    ...Card
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<FirstQuery, FirstQueryVariables>;
export const VersionDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Version {
  version
}
    `) as unknown as TypedDocumentString<VersionQuery, VersionQueryVariables>;
export const BoardDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Board($after: Cursor) {
  charts(first: 40, after: $after) {
    ...Board
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}
fragment Board on ChartConnection {
  nodes {
    ...Card
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}`) as unknown as TypedDocumentString<BoardQuery, BoardQueryVariables>;
export const ArchivedDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Archived($after: Cursor) {
  charts(first: 40, after: $after, status: ARCHIVED) {
    nodes {
      ...Settings
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}`) as unknown as TypedDocumentString<ArchivedQuery, ArchivedQueryVariables>;
export const ChartViewDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ChartView($key: String!, $period: Period!, $granularity: Granularity) {
  chart(by: {key: $key}) {
    ...Settings
    kpi(period: $period) {
      ...Figures
    }
    trend(period: $period, granularity: $granularity) {
      ...Buckets
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}`) as unknown as TypedDocumentString<ChartViewQuery, ChartViewQueryVariables>;
export const GhostDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Ghost($key: String!, $from: DateTime!, $to: DateTime!, $granularity: Granularity!) {
  chart(by: {key: $key}) {
    trend(from: $from, to: $to, granularity: $granularity) {
      buckets {
        start
        value
      }
    }
  }
}
    `) as unknown as TypedDocumentString<GhostQuery, GhostQueryVariables>;
export const PointsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Points($key: String!, $from: DateTime!, $to: DateTime!, $first: Int!, $after: Cursor) {
  chart(by: {key: $key}) {
    points(first: $first, from: $from, to: $to, after: $after) {
      nodes {
        key
        at
        value
        source
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PointsQuery, PointsQueryVariables>;
export const HistoryDocument = /*#__PURE__*/ new TypedDocumentString(`
    query History($key: String!, $after: Cursor) {
  chart(by: {key: $key}) {
    history(first: 20, after: $after) {
      nodes {
        id
        type
        version
        occurredAt
        actor {
          kind
          id
          label
        }
        summary
        data
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HistoryQuery, HistoryQueryVariables>;
export const SettingsOfDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SettingsOf($key: String!) {
  chart(by: {key: $key}) {
    ...Card
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`) as unknown as TypedDocumentString<SettingsOfQuery, SettingsOfQueryVariables>;
export const CreateChartDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateChart($input: CreateChartInput!) {
  createChart(input: $input) {
    chart {
      ...Card
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`) as unknown as TypedDocumentString<CreateChartMutation, CreateChartMutationVariables>;
export const UpdateChartDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateChart($input: UpdateChartInput!) {
  updateChart(input: $input) {
    chart {
      ...Card
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`) as unknown as TypedDocumentString<UpdateChartMutation, UpdateChartMutationVariables>;
export const ArchiveChartDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ArchiveChart($input: ArchiveChartInput!) {
  archiveChart(input: $input) {
    chart {
      ...Card
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`) as unknown as TypedDocumentString<ArchiveChartMutation, ArchiveChartMutationVariables>;
export const RestoreChartDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RestoreChart($input: RestoreChartInput!) {
  restoreChart(input: $input) {
    chart {
      ...Card
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`) as unknown as TypedDocumentString<RestoreChartMutation, RestoreChartMutationVariables>;
export const RecordValueDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RecordValue($input: RecordDataPointsInput!) {
  recordDataPoints(input: $input) {
    chart {
      ...Card
    }
    recorded
    corrected
    unchanged
    rejected {
      code
      message
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`) as unknown as TypedDocumentString<RecordValueMutation, RecordValueMutationVariables>;
export const RemovePointsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RemovePoints($input: RemoveDataPointsInput!) {
  removeDataPoints(input: $input) {
    chart {
      ...Card
    }
    removed
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`) as unknown as TypedDocumentString<RemovePointsMutation, RemovePointsMutationVariables>;
export const UpdateTenantDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateTenant($input: UpdateTenantInput!) {
  updateTenant(input: $input) {
    tenant {
      id
      name
      timeZone
      weekStart
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateTenantMutation, UpdateTenantMutationVariables>;
export const KpiUpdatedDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription KpiUpdated($after: Cursor) {
  kpiUpdated(after: $after) {
    chart {
      ...Card
    }
    cause
    cursor
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`) as unknown as TypedDocumentString<KpiUpdatedSubscription, KpiUpdatedSubscriptionVariables>;