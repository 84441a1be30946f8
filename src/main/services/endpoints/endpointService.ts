import type { Endpoint, EndpointCheck, EndpointDraft, EndpointId } from '#shared/contract/endpoints.ts';
import type { GenerateItem, GenerateRequest } from '#shared/contract/runner.ts';
import type { Answer } from '../benchmarks/answerer.ts';

/** Models behind OpenAI-compatible servers. A key is sent to its own endpoint's origin and nowhere else. */
export interface EndpointService {
  list(): Promise<readonly Endpoint[]>;
  /** @throws {RpcError} endpoint-not-found */
  get(id: EndpointId): Promise<Endpoint>;
  /** @throws {RpcError} bad-input for an address without TLS outside this machine and private networks, where a key would go over the wire */
  save(draft: EndpointDraft): Promise<Endpoint>;
  remove(id: EndpointId): Promise<void>;
  check(draft: EndpointDraft): Promise<EndpointCheck>;
  /**
   * One answer, streamed, with retries on what may pass (429 with its Retry-After, 5xx, broken connections before the first token).
   * @throws {RpcError} endpoint-unreachable, endpoint-refused, endpoint-rate-limited, endpoint-stalled, endpoint-garbage
   */
  generate(
    target: { readonly endpointId: EndpointId; readonly model: string },
    request: GenerateRequest,
    options: {
      readonly signal: AbortSignal;
      readonly retries: number;
      readonly onItem?: (item: GenerateItem) => void;
      /** Told when the request must wait, for others or for a limit of the server, and when it is sent. */
      readonly onWaiting?: (isWaiting: boolean) => void;
    },
  ): Promise<Answer>;
  dispose(): Promise<void>;
}
