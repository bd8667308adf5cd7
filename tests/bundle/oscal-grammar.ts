import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/**
 * The rules of OSCAL 1.2.0 for what our documents hold: per object every member OSCAL allows, which of them must be there, and the
 * type of each. Written by us after NIST's metaschema and schemas; it is NOT NIST's file. An object takes no other member, a list is
 * never empty, and data types have OSCAL's own patterns. Parts of OSCAL that we write nothing into are left out, so that writing them
 * fails here until their rule is added.
 */
type Schema = Readonly<Record<string, unknown>>;

const types: Readonly<Record<string, Schema>> = {
  uuid: { type: 'string', pattern: '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$' },
  token: { type: 'string', pattern: '^(\\p{L}|_)(\\p{L}|\\p{N}|[.\\-_])*$' },
  string: { type: 'string', pattern: '^\\S(.*\\S)?$' },
  line: { type: 'string', pattern: '^[^\\n]+$' },
  prose: { type: 'string' },
  uri: { type: 'string', format: 'uri', pattern: '^[a-zA-Z][a-zA-Z0-9+\\-.]+:.+$' },
  href: { type: 'string', format: 'uri-reference' },
  time: { type: 'string', format: 'date-time', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$' },
};
const oneOf = (...values: string[]): Schema => ({ enum: values });
const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });

/** `name!` must be there; a value in brackets is a list of it; a string names a data type or a definition. */
type Members = Readonly<Record<string, string | readonly [string] | Schema>>;
function object(members: Members): Schema {
  const typeOf = (value: Members[string]): Schema => {
    if (typeof value === 'string') return ref(value);
    if (Array.isArray(value)) return { type: 'array', minItems: 1, items: ref(value[0] as string) };
    return value as Schema;
  };
  const entries = Object.entries(members);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, value]) => [name.replace('!', ''), typeOf(value)])),
    required: entries.filter(([name]) => name.endsWith('!')).map(([name]) => name.slice(0, -1)),
    additionalProperties: false,
  };
}
/** Members that most objects share. */
const common: Members = { props: ['prop'], links: ['link'], remarks: 'prose' };

const definitions: Readonly<Record<string, Schema>> = {
  ...types,
  prop: object({ 'name!': 'token', uuid: 'uuid', ns: 'uri', 'value!': 'string', class: 'token', group: 'token', remarks: 'prose' }),
  link: object({ 'href!': 'href', rel: 'token', 'media-type': 'string', 'resource-fragment': 'string', text: 'line' }),
  role: object({ 'id!': 'token', 'title!': 'line', 'short-name': 'string', description: 'prose', ...common }),
  party: object({ 'uuid!': 'uuid', 'type!': oneOf('person', 'organization'), name: 'string', 'short-name': 'string', ...common }),
  'responsible-party': object({ 'role-id!': 'token', 'party-uuids!': ['uuid'], ...common }),
  metadata: object({
    'title!': 'line',
    published: 'time',
    'last-modified!': 'time',
    'version!': 'string',
    'oscal-version!': 'string',
    roles: ['role'],
    parties: ['party'],
    'responsible-parties': ['responsible-party'],
    ...common,
  }),
  rlink: object({ 'href!': 'href', 'media-type': 'string' }),
  resource: object({ 'uuid!': 'uuid', title: 'line', description: 'prose', props: ['prop'], rlinks: ['rlink'], remarks: 'prose' }),
  'back-matter': object({ resources: ['resource'] }),

  part: object({
    id: 'token',
    'name!': 'token',
    ns: 'uri',
    class: 'token',
    title: 'line',
    props: ['prop'],
    prose: 'prose',
    parts: ['part'],
    links: ['link'],
  }),
  control: object({
    'id!': 'token',
    class: 'token',
    'title!': 'line',
    props: ['prop'],
    links: ['link'],
    parts: ['part'],
    controls: ['control'],
  }),
  // Groups of groups and of controls are two forms; a group is one of them.
  group: object({
    id: 'token',
    class: 'token',
    'title!': 'line',
    props: ['prop'],
    links: ['link'],
    parts: ['part'],
    controls: ['control'],
  }),
  catalog: object({ 'uuid!': 'uuid', 'metadata!': 'metadata', controls: ['control'], groups: ['group'], 'back-matter': 'back-matter' }),

  all: object({}),
  'control-by-id': object({ 'control-id!': 'token', 'statement-ids': ['token'] }),
  'control-selection': {
    anyOf: [
      object({ description: 'prose', 'include-all!': 'all', 'exclude-controls': ['control-by-id'], ...common }),
      object({ description: 'prose', 'include-controls!': ['control-by-id'], 'exclude-controls': ['control-by-id'], ...common }),
    ],
  },
  'reviewed-controls': object({ description: 'prose', 'control-selections!': ['control-selection'], ...common }),
  'subject-by-id': object({ 'subject-uuid!': 'uuid', 'type!': 'token', ...common }),
  'assessment-subject': {
    anyOf: [
      object({ 'type!': 'token', description: 'prose', 'include-all!': 'all', 'exclude-subjects': ['subject-by-id'], ...common }),
      object({
        'type!': 'token',
        description: 'prose',
        'include-subjects!': ['subject-by-id'],
        'exclude-subjects': ['subject-by-id'],
        ...common,
      }),
    ],
  },
  'subject-reference': object({ 'subject-uuid!': 'uuid', 'type!': 'token', title: 'line', ...common }),
  component: object({
    'uuid!': 'uuid',
    'type!': 'string',
    'title!': 'line',
    'description!': 'prose',
    purpose: 'line',
    'status!': object({ 'state!': oneOf('under-development', 'operational', 'disposition', 'other'), remarks: 'prose' }),
    ...common,
  }),
  'component-use': object({ 'component-uuid!': 'uuid', ...common }),
  'inventory-item': object({ 'uuid!': 'uuid', 'description!': 'prose', 'implemented-components': ['component-use'], ...common }),
  'assessment-platform': object({ 'uuid!': 'uuid', title: 'line', 'uses-components': ['component-use'], ...common }),
  'assessment-assets': object({ components: ['component'], 'assessment-platforms!': ['assessment-platform'] }),
  activity: object({ 'uuid!': 'uuid', title: 'line', 'description!': 'prose', 'related-controls': 'reviewed-controls', ...common }),
  'associated-activity': object({ 'activity-uuid!': 'uuid', 'subjects!': ['assessment-subject'], ...common }),
  task: object({
    'uuid!': 'uuid',
    'type!': 'token',
    'title!': 'line',
    description: 'prose',
    timing: object({ 'within-date-range!': object({ 'start!': 'time', 'end!': 'time', remarks: 'prose' }) }),
    'associated-activities': ['associated-activity'],
    subjects: ['assessment-subject'],
    ...common,
  }),
  'import-ssp': object({ 'href!': 'href', remarks: 'prose' }),
  'assessment-plan': object({
    'uuid!': 'uuid',
    'metadata!': 'metadata',
    'import-ssp!': 'import-ssp',
    'local-definitions': object({
      components: ['component'],
      'inventory-items': ['inventory-item'],
      activities: ['activity'],
      remarks: 'prose',
    }),
    'reviewed-controls!': 'reviewed-controls',
    'assessment-subjects': ['assessment-subject'],
    'assessment-assets': 'assessment-assets',
    tasks: ['task'],
    'back-matter': 'back-matter',
  }),

  actor: object({
    'type!': oneOf('tool', 'assessment-platform', 'party'),
    'actor-uuid!': 'uuid',
    'role-id': 'token',
    props: ['prop'],
    links: ['link'],
  }),
  origin: object({ 'actors!': ['actor'] }),
  evidence: object({ href: 'href', 'description!': 'prose', ...common }),
  observation: object({
    'uuid!': 'uuid',
    title: 'line',
    'description!': 'prose',
    'methods!': { type: 'array', minItems: 1, items: oneOf('EXAMINE', 'INTERVIEW', 'TEST', 'UNKNOWN') },
    types: ['token'],
    origins: ['origin'],
    subjects: ['subject-reference'],
    'relevant-evidence': ['evidence'],
    'collected!': 'time',
    expires: 'time',
    ...common,
  }),
  'related-observation': object({ 'observation-uuid!': 'uuid', remarks: 'prose' }),
  'related-risk': object({ 'risk-uuid!': 'uuid', remarks: 'prose' }),
  finding: object({
    'uuid!': 'uuid',
    'title!': 'line',
    'description!': 'prose',
    origins: ['origin'],
    'target!': object({
      'type!': oneOf('statement-id', 'objective-id'),
      'target-id!': 'token',
      title: 'line',
      description: 'prose',
      'status!': object({ 'state!': oneOf('satisfied', 'not-satisfied'), reason: 'token', remarks: 'prose' }),
      ...common,
    }),
    'related-observations': ['related-observation'],
    'related-risks': ['related-risk'],
    ...common,
  }),
  'mitigating-factor': object({
    'uuid!': 'uuid',
    'description!': 'prose',
    props: ['prop'],
    links: ['link'],
    subjects: ['subject-reference'],
  }),
  response: object({
    'uuid!': 'uuid',
    'lifecycle!': oneOf('recommendation', 'planned', 'completed'),
    'title!': 'line',
    'description!': 'prose',
    ...common,
  }),
  'risk-status': oneOf('open', 'investigating', 'remediating', 'deviation-requested', 'deviation-approved', 'closed'),
  'risk-log-entry': object({
    'uuid!': 'uuid',
    title: 'line',
    description: 'prose',
    'start!': 'time',
    end: 'time',
    'status-change': 'risk-status',
    ...common,
  }),
  risk: object({
    'uuid!': 'uuid',
    'title!': 'line',
    'description!': 'prose',
    'statement!': 'prose',
    props: ['prop'],
    links: ['link'],
    'status!': 'risk-status',
    origins: ['origin'],
    'mitigating-factors': ['mitigating-factor'],
    deadline: 'time',
    remediations: ['response'],
    'risk-log': object({ 'entries!': ['risk-log-entry'] }),
    'related-observations': ['related-observation'],
  }),
  'assessment-log-entry': object({ 'uuid!': 'uuid', title: 'line', description: 'prose', 'start!': 'time', end: 'time', ...common }),
  result: object({
    'uuid!': 'uuid',
    'title!': 'line',
    'description!': 'prose',
    'start!': 'time',
    end: 'time',
    'local-definitions': object({
      components: ['component'],
      'inventory-items': ['inventory-item'],
      'assessment-assets': 'assessment-assets',
      tasks: ['task'],
    }),
    'reviewed-controls!': 'reviewed-controls',
    'assessment-log': object({ 'entries!': ['assessment-log-entry'] }),
    observations: ['observation'],
    risks: ['risk'],
    findings: ['finding'],
    ...common,
  }),
  'import-ap': object({ 'href!': 'href', remarks: 'prose' }),
  'assessment-results': object({
    'uuid!': 'uuid',
    'metadata!': 'metadata',
    'import-ap!': 'import-ap',
    'results!': ['result'],
    'back-matter': 'back-matter',
  }),
};

export type OscalModel = 'catalog' | 'assessment-plan' | 'assessment-results';

/** Validator of a whole document of one of the models. */
export function oscalGrammar(model: OscalModel): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
  formats.default(ajv);
  return ajv.compile({ ...object({ [`${model}!`]: model }), definitions });
}
