/**
 * What shippers ask of an Elasticsearch before they send: version, licence, health, and their templates, policies and
 * pipelines. We hold none of these: asked, we say so (404); given, we acknowledge and drop them, because a stock
 * shipper will not start otherwise. Which shipper asks what: `docs/manual/connect-http.md`. Data and constant answers.
 */

/** Old enough for Vector, whose newest API is v8; new enough for the data streams of Logstash and the Beats. */
const ANNOUNCED_VERSION = '8.19.0';

export interface Probe {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST';
  readonly url: string;
  readonly operationId: string;
  readonly summary: string;
  /** The answer; `absent` is Elasticsearch's 404 for the kind of thing named. */
  readonly answer: { readonly json: object } | { readonly absent: string } | { readonly unsupported: string };
}

const LICENSE = {
  status: 'active',
  uid: 'vigie',
  type: 'basic',
  mode: 'basic',
  issued_to: 'vigie',
  issuer: 'vigie',
};
const OFF = { available: false, enabled: false };
const NO_NODES = { _nodes: { total: 0, successful: 0, failed: 0 }, cluster_name: 'vigie', nodes: {} };
const NO_SHARDS = { _shards: { total: 0, successful: 0, failed: 0 } };
const ACKNOWLEDGED = { acknowledged: true };

const INFO = {
  name: 'vigie',
  cluster_name: 'vigie',
  cluster_uuid: 'vigie',
  version: {
    number: ANNOUNCED_VERSION,
    build_flavor: 'default',
    build_type: 'vigie',
    build_hash: 'vigie',
    build_snapshot: false,
    lucene_version: '9.12.2',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  /** Clients between 7.14 and 8 check this sentence to know Elasticsearch. */
  tagline: 'You Know, for Search',
};

function stored(kind: string, url: string, name: string): Probe[] {
  return [
    {
      method: 'GET',
      url,
      operationId: `get${name}`,
      summary: `Elasticsearch: a ${kind}; Vigie holds none`,
      answer: { absent: kind },
    },
    {
      method: 'PUT',
      url,
      operationId: `put${name}`,
      summary: `Elasticsearch: a ${kind}; acknowledged and dropped`,
      answer: { json: ACKNOWLEDGED },
    },
  ];
}

function notSearched(url: string, operationId: string): Probe {
  return {
    method: 'POST',
    url,
    operationId,
    summary: 'Elasticsearch: search; refused, Vigie is searched by its own API',
    answer: { unsupported: 'search' },
  };
}

export const PROBES: readonly Probe[] = [
  {
    method: 'GET',
    url: '/',
    operationId: 'getElasticInfo',
    summary: 'Elasticsearch: the version announced',
    answer: { json: INFO },
  },
  {
    method: 'GET',
    url: '/_license',
    operationId: 'getElasticLicense',
    summary: 'Elasticsearch: the licence, always “basic”',
    answer: { json: { license: LICENSE } },
  },
  {
    method: 'GET',
    url: '/_xpack',
    operationId: 'getElasticXpack',
    summary: 'Elasticsearch: extensions, all off',
    answer: { json: { license: LICENSE, features: { ilm: OFF, security: OFF, monitoring: OFF } } },
  },
  ...[
    ['/_nodes', 'getElasticNodes'],
    ['/_nodes/http', 'getElasticNodesHttp'],
    ['/_nodes/:nodes/http', 'getElasticNodesSelected'],
  ].map(
    ([url = '', operationId = '']): Probe => ({
      method: 'GET',
      url,
      operationId,
      summary: 'Elasticsearch: nodes to sniff; none, so that shippers keep the address they were given',
      answer: { json: NO_NODES },
    }),
  ),
  ...stored('lifecycle policy', '/_ilm/policy/:name', 'ElasticLifecyclePolicy'),
  ...stored('index template', '/_index_template/:name', 'ElasticIndexTemplate'),
  ...stored('legacy index template', '/_template/:name', 'ElasticTemplate'),
  ...stored('component template', '/_component_template/:name', 'ElasticComponentTemplate'),
  ...stored('ingest pipeline', '/_ingest/pipeline/:name', 'ElasticIngestPipeline'),
  ...stored('data stream', '/_data_stream/:name', 'ElasticDataStream'),
  ...stored('alias', '/_alias/:name', 'ElasticAlias'),
  {
    method: 'HEAD',
    url: '/:index',
    operationId: 'headElasticIndex',
    summary: 'Elasticsearch: is there such an index; no',
    answer: { absent: 'index' },
  },
  {
    method: 'PUT',
    url: '/:index',
    operationId: 'putElasticIndex',
    summary: 'Elasticsearch: make an index; acknowledged, nothing is made',
    answer: { json: { ...ACKNOWLEDGED, shards_acknowledged: true } },
  },
  ...['/_refresh', '/:index/_refresh'].map(
    (url): Probe => ({
      method: 'POST',
      url,
      operationId: url === '/_refresh' ? 'postElasticRefresh' : 'postElasticIndexRefresh',
      summary: 'Elasticsearch: refresh; nothing to do',
      answer: { json: NO_SHARDS },
    }),
  ),
  notSearched('/_search', 'postElasticSearch'),
  notSearched('/:index/_search', 'postElasticIndexSearch'),
  notSearched('/_msearch', 'postElasticMultiSearch'),
];
