/** Something that happens at a moment of virtual time. */
export interface WakeUp {
  readonly at: number;
  /** Equal moments are told apart by the order in which they were asked for. */
  readonly order: number;
  cancelled: boolean;
  readonly fire: () => void;
}

export interface WakeUps {
  add(wakeUp: WakeUp): void;
  /** The next one that is not cancelled, still queued. */
  peek(): WakeUp | undefined;
  take(): WakeUp | undefined;
}

/** A binary heap; cancelled entries are dropped when they come to the top. */
export function createWakeUps(): WakeUps {
  const heap: WakeUp[] = [];

  const peek = (): WakeUp | undefined => {
    while (heap[0]?.cancelled === true) removeTop(heap);
    return heap[0];
  };
  return {
    add: (wakeUp) => {
      heap.push(wakeUp);
      raise(heap, heap.length - 1);
    },
    peek,
    take: () => {
      const top = peek();
      if (top !== undefined) removeTop(heap);
      return top;
    },
  };
}

function before(left: WakeUp | undefined, right: WakeUp | undefined): boolean {
  if (left === undefined) return false;
  if (right === undefined) return true;
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

function swap(heap: WakeUp[], one: number, other: number): void {
  const [left, right] = [heap[one], heap[other]];
  if (left === undefined || right === undefined) return;
  heap[one] = right;
  heap[other] = left;
}

function raise(heap: WakeUp[], from: number): void {
  let index = from;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!before(heap[index], heap[parent])) return;
    swap(heap, index, parent);
    index = parent;
  }
}

function removeTop(heap: WakeUp[]): void {
  swap(heap, 0, heap.length - 1);
  heap.pop();
  for (let index = 0; ;) {
    const left = 2 * index + 1;
    const child = before(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!before(heap[child], heap[index])) return;
    swap(heap, index, child);
    index = child;
  }
}
