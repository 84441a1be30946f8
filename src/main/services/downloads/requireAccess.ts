import { hubErrors } from '#shared/contract/catalog.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HubClient } from '../hub/hubClient.ts';

/**
 * Asks whether this account may fetch the files of a gated repo, before anything is queued.
 * @throws {RpcError} token-needed, licence-not-accepted, access-denied
 */
export async function requireAccess(
  hub: Pick<HubClient, 'checkAccess' | 'endpoint'>,
  repo: string,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  const access = await hub.checkAccess(repo, options);
  const { url, isMirror } = hub.endpoint();
  // A mirror knows no accounts: licences are accepted at the hub itself.
  const page = `${isMirror ? 'https://huggingface.co' : url}/${repo}`;
  switch (access) {
    case 'open':
    case 'granted':
    case 'unknown':
      return;
    case 'token-needed':
      throw new RpcError(hubErrors.tokenNeeded, `${repo} is gated: the hub asks who you are.`, {
        hint: `Accept its licence at ${page}, then store a token of your account in Settings or in HF_TOKEN.`,
        data: { page },
      });
    case 'licence-not-accepted':
      throw new RpcError(hubErrors.licenceNotAccepted, `Your account has not accepted the licence of ${repo}.`, {
        hint: `Accept it at ${page}, then try again.`,
        data: { page },
      });
    case 'denied':
      throw new RpcError(hubErrors.denied, `The hub lets your account not have the files of ${repo}.`, {
        hint: `Look at ${page} what its owner asks for, or take the same model from another packager.`,
        data: { page },
      });
  }
}
