import type { ChatHit } from '#shared/contract/chat.ts';
import type { Database } from './database.ts';

/** Control characters that stand around what was found; in a message they would only mark more. */
const open = '\u0001';
const close = '\u0002';
const snippetWords = 16;
/** A snippet counts words, and one word may be a whole picture as text. */
const longestPart = 200;
const mostWords = 16;

/** Ranking reads every row that matches, on the thread that everything waits for. Beyond this the older messages are left out, never a title. */
const mostRanked = 1000;

/**
 * Messages and titles that have all words of a query, best first; the last word may be the beginning of one. Of a word that nearly every message has,
 * the newest messages are looked at.
 * @param query as it was typed: nothing in it is an operator
 */
export function searchChats(database: Database, query: string, limit: number): ChatHit[] {
  const match = matchOf(query);
  if (match === null) return [];
  const oldest = database.get<{ rowid: number }>(
    `SELECT rowid FROM search_words WHERE search_words MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ${mostRanked}`,
    match,
  );
  const rows =
    oldest === undefined
      ? find(database, match, { after: 0, upTo: Number.MAX_SAFE_INTEGER, limit })
      : [
          ...find(database, match, { after: oldest.rowid, upTo: Number.MAX_SAFE_INTEGER, limit }),
          ...find(database, `title : (${match})`, { after: 0, upTo: oldest.rowid, limit }),
        ]
          .toSorted((a, b) => a.score - b.score || b.at - a.at)
          .slice(0, limit);
  return rows.map((row) => ({
    conversationId: row.conversation_id,
    title: row.title,
    messageId: row.message_id,
    role: row.role,
    snippet: partsOf(row.snippet),
    at: row.at,
  }));
}

/** Snippets are made of what is given only, not of all that matches. Numbers are bound as REAL, by which FTS5 would leave nothing out: hence the casts. */
function find(
  database: Database,
  match: string,
  { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
): StoredHit[] {
  return database.all<StoredHit>(
    `WITH found AS (
       SELECT rowid AS number, rank AS score, snippet(search_words, -1, ?, ?, '…', ${snippetWords}) AS snippet
       FROM search_words WHERE search_words MATCH ? AND rowid > CAST(? AS INTEGER) AND rowid <= CAST(? AS INTEGER) ORDER BY rank LIMIT ?
     )
     SELECT entries.conversation_id, entries.message_id, conversations.title, found.score, found.snippet, messages.role,
       coalesce(messages.created_at, conversations.updated_at) AS at
     FROM found
     JOIN search_entries AS entries ON entries.number = found.number
     JOIN conversations ON conversations.id = entries.conversation_id
     LEFT JOIN messages ON messages.id = entries.message_id
     ORDER BY found.score, at DESC`,
    open,
    close,
    match,
    after,
    upTo,
    limit,
  );
}

interface StoredHit {
  conversation_id: string;
  message_id: string | null;
  title: string;
  score: number;
  snippet: string;
  role: ChatHit['role'];
  at: number;
}

/** Letters and digits as SQLite's tokeniser takes them, each in quotes, so that AND, NEAR or a stray quote are words like any other. */
function matchOf(query: string): string | null {
  const words = query.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)?.slice(0, mostWords) ?? [];
  const last = words.at(-1);
  if (last === undefined) return null;
  // Half the words of a language may begin with one letter, and no index holds those.
  const mayBegin = !/^[a-z]$/i.test(last);
  return `${words.map((word) => `"${word}"`).join(' ')}${mayBegin ? '*' : ''}`;
}

function partsOf(snippet: string): ChatHit['snippet'] {
  return snippet.split(open).flatMap((piece, index) => {
    const [marked = '', rest] = index === 0 ? ['', piece] : splitOnce(piece);
    return [
      { text: shortened(marked), isMarked: true },
      { text: shortened(rest ?? ''), isMarked: false },
    ].filter(({ text }) => text !== '');
  });
}

function splitOnce(piece: string): [string, string] {
  const at = piece.indexOf(close);
  return at < 0 ? [piece, ''] : [piece.slice(0, at), piece.slice(at + close.length).replaceAll(close, '')];
}

function shortened(text: string): string {
  return text.length <= longestPart ? text : `${text.slice(0, longestPart).toWellFormed()}…`;
}
