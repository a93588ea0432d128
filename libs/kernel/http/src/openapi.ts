import { type OperationDef, type Text } from '@quan-so/contract';
import { answersOf, problemExample, SHARED_HEADERS, type Content } from './openapi-answers.js';
import { Components } from './openapi-components.js';
import { exampleOf } from './openapi-example.js';
import { parametersOf, SHARED_PARAMETERS } from './openapi-parameters.js';
import { problemsOfOperation } from './openapi-problems.js';
import { type JsonSchema } from './openapi-schemas.js';
import { problemBody } from './problem-body.js';

export interface OpenApiInput {
  readonly service: string;
  readonly title: Text;
  readonly version: string;
  readonly operations: readonly OperationDef[];
  /** The realm that gives tokens; as a rule it is beside the API. */
  readonly issuer?: string;
}

interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> } & Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

/** Examples wait until every named schema is known; those of named schemas are kept once, under the schema's name. */
type Later = (named: Readonly<Record<string, JsonSchema>>, examples: Record<string, unknown>) => void;

/**
 * The OpenAPI 3.1.1 document of a service, made of nothing but its operations: what it does not declare is not
 * answered. Names, summaries and descriptions are Vietnamese first, then English.
 */
export function openApiOf({ service, title, version, operations, issuer = '/realms/quan-so' }: OpenApiInput): OpenApiDocument {
  const components = new Components();
  const later: Later[] = [];
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:([A-Za-z0-9]+)/g, '{$1}');
    (paths[path] ??= {})[operation.method.toLowerCase()] = operationOf(operation, components, later);
  }
  components.add(problemBody, 'answer');
  const schemas = components.finish();
  const examples: Record<string, unknown> = {};
  for (const fill of later) fill(schemas, examples);
  const responses = shareAnswers(paths);
  const tags = [...new Set(operations.map(tagOf))].toSorted();
  const problems = new Map(operations.flatMap(problemsOfOperation).map((problem) => [problem.code, problem]));
  return {
    openapi: '3.1.1',
    info: {
      title: `Quận Số · ${title.vi} / ${title.en}`,
      version,
      description: INTRODUCTION,
      contact: { name: 'Đơn vị vận hành nền tảng này / the operator of this platform' },
      license: { name: 'Giấy phép: theo chính quyền vận hành / Licence: as the authority that runs it decides' },
    },
    servers: [{ url: '/', description: 'Máy chủ đang đọc tài liệu này: local, test hoặc production. / The host this document came from.', 'x-internal': false }],
    tags: tags.map((name) => ({ name, description: `/api/${service}/v1/${name}` })),
    security: [{ oauth2: [] }],
    paths,
    components: {
      schemas,
      parameters: used(SHARED_PARAMETERS, paths),
      headers: used(SHARED_HEADERS, [paths, responses]),
      responses,
      examples: { ...examples, ...Object.fromEntries([...problems.values()].map((problem) => [problem.code, problemExample(problem)])) },
      securitySchemes: { oauth2: securityScheme(issuer) },
    },
  };
}

const INTRODUCTION = `Mọi thời điểm theo RFC 3339, trả về ở múi giờ +07:00. Mục lạ trong yêu cầu bị từ chối; câu trả lời có thể có thêm mục mới.
Lỗi là application/problem+json, mã ổn định: [/problems](/problems).

All instants are RFC 3339, answered in +07:00. Unknown members of a request are refused; answers may get new members.
Errors are application/problem+json with stable codes: [/problems](/problems).`;

function operationOf(operation: OperationDef, components: Components, later: Later[]): unknown {
  const parameters = parametersOf(operation, components);
  const { answers, body, content } = answersOf(operation, components);
  later.push((named, examples) => giveExample(content, body, named, true, examples));
  const { access } = operation;
  return {
    operationId: operation.id,
    tags: [tagOf(operation)],
    summary: both(operation.summary, ' / '),
    description: [both(operation.description ?? operation.summary, '\n\n'), accessWords(operation)].join('\n\n'),
    security: 'public' in access ? [{}] : [{ oauth2: [] }],
    'x-consistency': operation.eventual ? 'eventual' : 'strong',
    ...('permission' in access ? { 'x-permission': access.permission.action } : {}),
    parameters,
    ...(operation.body === undefined ? {} : { requestBody: requestBody(operation.body, components, later) }),
    responses: answers,
  };
}

function requestBody(schema: NonNullable<OperationDef['body']>, components: Components, later: Later[]): unknown {
  const json = components.add(schema, 'request');
  const content: Content = { schema: json };
  later.push((named, examples) => giveExample(content, json, named, false, examples));
  return { required: true, description: schema.description ?? 'Nội dung. / The body.', content: { 'application/json': content } };
}

function giveExample(content: Content, json: JsonSchema, named: Readonly<Record<string, JsonSchema>>, whole: boolean, examples: Record<string, unknown>): void {
  const value = exampleOf(json, named, whole);
  const name = json.$ref?.slice(json.$ref.lastIndexOf('/') + 1);
  if (name === undefined) content.example = value;
  else {
    examples[name] = { summary: name, value };
    content.examples = { [name]: { $ref: `#/components/examples/${name}` } };
  }
}

/** Refusals that several operations share word for word are written once: a third of the document. */
function shareAnswers(paths: Record<string, Record<string, unknown>>): Record<string, unknown> {
  const holders = Object.values(paths).flatMap((path) => Object.values(path).map((operation) => (operation as { responses: Record<string, unknown> }).responses));
  const times = new Map<string, number>();
  for (const answer of holders.flatMap(Object.values)) times.set(JSON.stringify(answer), (times.get(JSON.stringify(answer)) ?? 0) + 1);
  const names = new Map<string, string>();
  const shared: Record<string, unknown> = {};
  for (const responses of holders) {
    for (const [status, answer] of Object.entries(responses)) {
      const text = JSON.stringify(answer);
      if ((times.get(text) ?? 0) < 2) continue;
      const name = names.get(text) ?? `Answer${status}-${[...names.values()].filter((one) => one.startsWith(`Answer${status}-`)).length + 1}`;
      names.set(text, name);
      shared[name] = answer;
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  return shared;
}

function accessWords({ access, personal }: OperationDef): string {
  const logged = personal ? ' Việc đọc được ghi vào nhật ký. / The reading is written to the journal.' : '';
  if ('public' in access) return `Công khai / public: ${access.public}.${logged}`;
  const { action, title } = access.permission;
  return `Quyền / permission: \`${action}\` (${title.vi} / ${title.en}).${logged}`;
}

/** The collection is the first segment after the version. */
function tagOf({ path }: OperationDef): string {
  return path.split('/')[4] ?? '';
}

function both(text: Text, between: string): string {
  return `${text.vi}${between}${text.en}`;
}

/** Those of the shared parts that the paths refer to. */
function used<T>(parts: Readonly<Record<string, T>>, paths: unknown): Record<string, T> {
  const text = JSON.stringify(paths);
  return Object.fromEntries(Object.entries(parts).filter(([name]) => text.includes(`/${name}"`)));
}

function securityScheme(issuer: string): unknown {
  const endpoint = (name: string): string => `${issuer}/protocol/openid-connect/${name}`;
  const scopes = { openid: 'Biết người đăng nhập là ai. / Know who is signing in.' };
  const flow = { tokenUrl: endpoint('token'), scopes };
  return {
    type: 'oauth2',
    description:
      'Người: mã uỷ quyền với PKCE (S256). Hệ thống: client credentials. Token là JWT, kiểm tra theo RFC8725. / People: authorization code with PKCE (S256). Systems: client credentials. Tokens are JWTs, checked as RFC8725 says.',
    flows: { authorizationCode: { authorizationUrl: endpoint('auth'), refreshUrl: endpoint('token'), ...flow }, clientCredentials: flow },
  };
}
