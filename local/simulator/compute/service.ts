import { Refusal, resourceNotFound } from '../errors.ts';
import { computeStyle } from '../operation-styles.ts';
import type { Operations } from '../operations.ts';
import type { Route, Service, WireRequest, WireResponse, World } from '../service.ts';
import type { Machines, SimulatedMachine } from './machines.ts';
import { instanceView, machineBody } from './wire.ts';

const GROUP =
  '/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.Compute/virtualMachines';
const MACHINE = `${GROUP}/{machine}`;
const POLL =
  '/subscriptions/{sub}/providers/Microsoft.Compute/locations/{region}/operations/{operation}';

interface PowerAction {
  readonly verb: 'deallocate' | 'start' | 'powerOff';
  readonly target: 'deallocated' | 'running' | 'stopped';
  readonly seconds: readonly [number, number];
}

const ACTIONS: readonly PowerAction[] = [
  { verb: 'deallocate', target: 'deallocated', seconds: [20, 60] },
  { verb: 'start', target: 'running', seconds: [4, 30] },
  { verb: 'powerOff', target: 'stopped', seconds: [3, 17] },
];

export function createCompute(world: World, operations: Operations, machines: Machines): Service {
  const find = (request: WireRequest): SimulatedMachine => findMachine(machines, request);
  const region = (request: WireRequest): string | undefined =>
    machines.get(idOf(request))?.location;
  const read = { method: 'GET', action: 'Microsoft.Compute/virtualMachines/read', region } as const;
  return {
    name: 'compute',
    routes: [
      { ...read, path: GROUP, handle: (request) => list(machines, request) },
      { ...read, path: MACHINE, handle: (request) => answerMachine(world, find(request), request) },
      {
        ...read,
        path: `${MACHINE}/instanceView`,
        action: 'Microsoft.Compute/virtualMachines/instanceView/read',
        handle: (request) => ({
          status: 200,
          body: instanceView(find(request), world.clock.now()),
        }),
      },
      ...ACTIONS.map((action): Route => ({
        method: 'POST',
        path: `${MACHINE}/${action.verb}`,
        operation: `compute/${action.verb}`,
        action: `Microsoft.Compute/virtualMachines/${action.verb}/action`,
        region,
        handle: (request) =>
          changePower(world, operations, machines, find(request), action, request),
      })),
      { method: 'GET', path: POLL, handle: (request) => answerPoll(operations, request) },
    ],
  };
}

function list(machines: Machines, { params, url }: WireRequest): WireResponse {
  const found = machines.inGroup(
    `/subscriptions/${params['sub'] ?? ''}/resourceGroups/${params['rg'] ?? ''}`,
  );
  const view = url.searchParams.get('$expand') === 'instanceView';
  return {
    status: 200,
    body: { value: found.map((machine) => machineBody(machine, view ? 0 : null)) },
  };
}

function answerMachine(
  world: World,
  machine: SimulatedMachine,
  { query }: WireRequest,
): WireResponse {
  const expand = query.get('$expand')?.toLowerCase() === 'instanceview';
  return { status: 200, body: machineBody(machine, expand ? world.clock.now() : null) };
}

function changePower(
  world: World,
  operations: Operations,
  machines: Machines,
  machine: SimulatedMachine,
  { verb, target, seconds }: PowerAction,
  request: WireRequest,
): WireResponse {
  const complete = machines.change(machine.id, target);
  return operations.begin({
    request,
    style: computeStyle,
    operation: `compute/${verb}`,
    resource: machine.id,
    name: verb,
    region: machine.location,
    effect: `${verb} of machine ${machine.name} in ${machine.location} began`,
    seconds: world.between(...seconds),
    complete,
    abandon: () => machines.setPower(machine.id, machine.power),
  });
}

/** One address for both: with `monitor=true` it is the Location. */
function answerPoll(operations: Operations, { params, query }: WireRequest): WireResponse {
  const id = params['operation'] ?? '';
  return query.get('monitor') === 'true' ? operations.result(id) : operations.poll(id);
}

function findMachine(machines: Machines, request: WireRequest): SimulatedMachine {
  const machine = machines.get(idOf(request));
  if (machine !== null) return machine;
  const { rg = '', machine: name = '' } = request.params;
  throw new Refusal(resourceNotFound(`Microsoft.Compute/virtualMachines/${name}`, rg));
}

function idOf({ params }: WireRequest): string {
  const { sub = '', rg = '', machine = '' } = params;
  return `/subscriptions/${sub}/resourceGroups/${rg}/providers/Microsoft.Compute/virtualMachines/${machine}`;
}
