import * as z from 'zod';
import { call, stream } from '../rpc/routeTable.ts';
import { DatasetItem } from './datasets.ts';
import { ArtifactId } from './models.ts';
import { LoggedRequest, Replayed, RequestDetail, ServerChange, ServerSettingsPatch, ServerState } from './server.ts';

const nothing = z.object({});
const id = z.string().min(1).max(200);

/** The local API that other programs talk to: its life, its key and its log. */
export const serverRoutes = {
  'server.changes': stream(nothing, ServerChange, nothing),
  'server.start': call(nothing, ServerState),
  'server.stop': call(nothing, ServerState),
  'server.configure': call(ServerSettingsPatch, ServerState),
  /** The key itself, for the person to copy. */
  'server.key': call(nothing, z.object({ key: z.string() })),
  /** Makes another one: programs that have the old one are refused from now on. */
  'server.newKey': call(nothing, ServerState),
  'server.requests': call(
    z.object({
      errorsOnly: z.boolean().default(false),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    z.object({ requests: z.array(LoggedRequest), total: z.number() }),
  ),
  'server.request': call(z.object({ id }), RequestDetail),
  'server.clearLog': call(nothing, nothing),
  /** Puts a kept question to another model. */
  'server.replay': call(z.object({ id, modelId: ArtifactId }), Replayed),
  /** A kept request as an item of a labelled set, to look at before it is added. */
  'server.asItem': call(z.object({ id }), z.object({ item: DatasetItem })),
};
