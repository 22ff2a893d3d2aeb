import type { BootEvent } from './boot-event.ts';

type PostEvent = Extract<BootEvent, { event: 'post' }>;

function empty(stage: PostEvent['stage'], part: string, facts = 'empty'): PostEvent {
  return { event: 'post', stage, part, outcome: 'empty', facts, ms: 0, required: false };
}

/** Places of the machine that nothing is plugged into. What does not exist yet is shown empty, not pretended. */
export const emptySlots = {
  slots: [empty('slots', 'slot 2'), empty('slots', 'slot 3'), empty('slots', 'slot 4')],
  memory: [empty('memory', 'L2', 'empty: no shared cache')],
  gpu: [empty('gpu', 'gpu', 'empty: no background jobs')],
  usb: [empty('usb', 'port 1-4')],
} as const;
