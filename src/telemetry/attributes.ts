/** What everything that is sent is told apart by, and what each says. Nobody's name is among them, and nobody's reason. */
export const ATTRIBUTES = {
  'switchover.execution':
    'id of the execution; never on a metric, where it would make a series of its own',
  'switchover.plan': 'name of the plan',
  'switchover.kind': '`failover`, `failback` or `drill`',
  'switchover.mode': '`planned` or `unplanned`',
  'switchover.level': 'how deep a drill goes; absent of what is none',
  'switchover.from': 'the site that is left',
  'switchover.to': 'the site that is entered',
  'switchover.state': 'what state the execution or step has come to',
  'switchover.state_before': 'what state it was in until then',
  'switchover.first_bad_at': 'the first bad look',
  'switchover.served_again_at': 'the first good answer through the public name',
  'switchover.rto_seconds': 'what the plan aims at',
  'switchover.rpo_seconds': 'what the plan aims at',
  'switchover.data_loss_seconds': 'the bound of what may be lost; absent when unknown',
  'switchover.fencing': '`fenced`, `presumed`, `unknown`',
  'switchover.objective': '`rto` or `rpo`',
  'switchover.result': 'what came of it, in a word',
  'switchover.step': "the step's id in the plan",
  'switchover.step_kind': 'what it uses, such as `sql/failover-group`',
  'switchover.direction': '`forward` or `undo`',
  'switchover.attempts': 'after how many attempts it ended',
  'switchover.azure_seconds': "Azure's own part of it",
  'switchover.attempt': "the attempt's number",
  'switchover.call': "the call's name within its kind",
  'switchover.outcome':
    'of a call `completed`, `accepted`, `refused`, `resolved` (its answer was lost; what it did was seen by looking), `unanswered`; of a notice `delivered`, `failed`, `not-needed`',
  'switchover.operation': "name of Azure's operation",
  'switchover.site': 'the site that serves',
  'switchover.verdict': '`healthy`, `suspect`, `failed`, `both-down`, `cut-off`, `unknown`',
  'switchover.because': 'one line for each signal: what it saw',
  'switchover.withheld_by': 'what kept anything from starting: `hold`, `cooldown`, `not-ready`, …',
  'switchover.did': 'what was done; absent when nothing was',
  'switchover.severity': 'of a finding `critical`, `warning`, `info`; of an alert `Sev0` to `Sev4`',
  'switchover.condition': '`Fired` or `Resolved`',
  'switchover.notice': 'what people were told of ([notifications](notifications.md))',
  'azure.correlation_id': "what Microsoft's support asks for, and the activity log has",
  'azure.resource_provider.namespace': 'the service that was asked, such as `Microsoft.Sql`',
  'http.request.method': "as in OpenTelemetry's conventions",
  'http.response.status_code': 'the same; 429 is a throttled call',
  'server.address': 'the same',
  'error.type': 'the same: a status, or the code of an error',
} as const satisfies Readonly<Record<string, string>>;

export type AttributeName = keyof typeof ATTRIBUTES;

/** What is not known is left out. */
export type Attributes = Readonly<Partial<Record<AttributeName, AttributeValue>>>;

export type AttributeValue = string | number | boolean | readonly string[] | null | undefined;
