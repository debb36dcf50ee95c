import { z } from 'zod';

const WHY = 'say why, for the record';

/** Whatever changes something is on record with the words of whoever asked for it. */
export const reason = z.string(WHY).trim().min(1, WHY).max(1000);
