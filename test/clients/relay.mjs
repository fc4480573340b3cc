// relay-runtime: a network layer of fetch and graphql-ws, and requests as its compiler would write them.
import relay from 'relay-runtime';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { authorization, documents, post, retry, run, socketURL } from './scenario.mjs';

const { commitMutation, Environment, fetchQuery, Network, Observable, RecordSource, requestSubscription, Store } = relay;

const ws = createClient({ ...retry, url: socketURL, webSocketImpl: WebSocket, connectionParams: () => ({ Authorization: authorization() }) });
let answered;
const environment = new Environment({
  store: new Store(new RecordSource()),
  network: Network.create(
    async (params, variables) => (answered = await post(params.text, variables)),
    (params, variables) => Observable.create((sink) => ws.subscribe({ query: params.text, variables }, sink)),
  ),
});

const scalar = (name) => ({ alias: null, args: null, kind: 'ScalarField', name, storageKey: null });
const linked = (name, concreteType, selections, args = null) => ({ alias: null, args, concreteType, kind: 'LinkedField', name, plural: false, selections, storageKey: null });
const request = (operationKind, text, name, selections, variables = []) => {
  const argumentDefinitions = variables.map((v) => ({ defaultValue: null, kind: 'LocalArgument', name: v }));
  const type = operationKind[0].toUpperCase() + operationKind.slice(1);
  return {
    kind: 'Request',
    fragment: { argumentDefinitions, kind: 'Fragment', metadata: null, name, selections, type, abstractKey: null },
    operation: { argumentDefinitions, kind: 'Operation', name, selections },
    params: { cacheID: name, id: null, metadata: {}, name, operationKind, text },
  };
};
const who = request('query', documents.query, 'Who', [linked('viewer', 'Viewer', [linked('tenant', 'Tenant', [scalar('id')])])]);
const record = request('mutation', documents.mutation, 'Record', [linked('recordDataPoints', 'RecordDataPointsPayload', [scalar('recorded')])], ['value']);
const mistake = request('query', documents.mistake, 'Mistake', [linked('charts', 'ChartConnection', [scalar('totalCount')])]);
const follow = request('subscription', documents.subscription, 'Follow', [
  linked('kpiUpdated', 'KpiUpdate', [scalar('cause'), scalar('cursor'), linked('chart', 'Chart', [scalar('id'), scalar('key'), scalar('version')])]),
], ['after']);

await run({
  query: () => fetchQuery(environment, who, {}).toPromise(),
  mutate: (_, variables) =>
    new Promise((resolve, reject) => commitMutation(environment, { mutation: record, variables, onCompleted: resolve, onError: reject })),
  mistake: async () => {
    await fetchQuery(environment, mistake, {}).toPromise().catch(() => {}); // Relay has a text for it; what came is looked at
    return answered.errors;
  },
  follow: (_, next) => {
    const following = requestSubscription(environment, { subscription: follow, variables: {}, onNext: next, onError: console.error });
    return () => following.dispose();
  },
});
