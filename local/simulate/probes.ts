import { RestError } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import type { Clock } from '../../src/core/clock.ts';

/** A look of the app at the application, and what it heard. */
export interface SeenProbe {
  readonly host: string;
  readonly endedAt: number;
  readonly seconds: number;
  /** Null when nothing was heard. */
  readonly status: number | null;
}

/** The app's way to the application: it can be cut region by region, and what comes of each look is kept. */
export interface ProbeLine {
  readonly seen: readonly SeenProbe[];
  cut(region: string, until: number): void;
  through(clock: () => Clock, simulated: HttpClient): HttpClient;
}

export function createProbeLine(): ProbeLine {
  const seen: SeenProbe[] = [];
  const cuts = new Map<string, number>();
  const isCut = (host: string, now: number): boolean =>
    [...cuts].some(([region, until]) => host.includes(region) && now < until);
  return {
    seen,
    cut: (region, until) => void cuts.set(region, until),
    through: (clock, simulated) => ({
      async sendRequest(request: PipelineRequest) {
        const { hostname: host } = new URL(request.url);
        const began = clock().now();
        const heard = (status: number | null): void => {
          const endedAt = clock().now();
          seen.push({ host, endedAt, seconds: (endedAt - began) / 1_000, status });
        };
        try {
          if (isCut(host, began))
            throw new RestError('connect ENETUNREACH', { code: 'ENETUNREACH', request });
          const response = await simulated.sendRequest(request);
          heard(response.status);
          return response;
        } catch (error) {
          heard(null);
          throw error;
        }
      },
    }),
  };
}
