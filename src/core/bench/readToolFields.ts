import { type FetchFixture, type ToolFault, type ToolName, type ToolSpec, toolNames } from '../tools/tool.ts';
import { BadRow } from './badRow.ts';
import { isJsonList, isJsonObject } from './jsonValue.ts';
import type { JsonValue, JudgeTask, LabelledItem } from './labelledItem.ts';
import { closed } from './quoted.ts';

type JsonObject = { readonly [key: string]: JsonValue };
type CheckSchema = ((schema: JsonObject) => string | null) | undefined;

const toolLimit = 100;
const namePattern = /^[A-Za-z0-9_.-]{1,64}$/;
const addressPattern = /^https?:\/\/\S+$/;

/**
 * Tools, recorded answers, faults and the judge's task of one row. A field that the row does not have stays absent, so that the hash of a set made before
 * there were tools stays as it was.
 * @param record one row
 * @param checkSchema says why the schema of a tool's arguments cannot be used, or null
 * @throws {BadRow}
 */
export function readToolFields(
  record: JsonObject,
  checkSchema: CheckSchema,
): Pick<LabelledItem, 'tools' | 'fixtures' | 'faults' | 'judge'> {
  const offered = listOf(record, 'tools')?.map((tool) => readTool(tool, checkSchema)) ?? [];
  const names = offered.map((tool) => (typeof tool === 'string' ? tool : tool.name));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new BadRow(`The tool "${twice}" is offered twice.`);
  if (offered.length > toolLimit) throw new BadRow(`"tools" has ${offered.length} tools; ${toolLimit} is the most.`);
  const fixtures = listOf(record, 'fixtures')?.map(readFixture) ?? [];
  if (fixtures.length > 0 && !names.includes('http_get')) throw new BadRow('"fixtures" are given, and the tool http_get is not offered.');
  const faults = listOf(record, 'faults')?.map((fault) => readFault(fault, names)) ?? [];
  const judge = readJudge(record['judge']);
  return {
    ...(offered.length === 0 ? {} : { tools: offered }),
    ...(fixtures.length === 0 ? {} : { fixtures }),
    ...(faults.length === 0 ? {} : { faults }),
    ...(judge === null ? {} : { judge }),
  };
}

function listOf(record: JsonObject, field: string): readonly JsonValue[] | null {
  const value = record[field];
  if (value === undefined || value === null) return null;
  if (!isJsonList(value)) throw new BadRow(`"${field}" is not a list.`);
  return value;
}

/** A tool that ships by its name, or any other with its arguments: plain or in the `function` of OpenAI's form. */
function readTool(value: JsonValue, checkSchema: CheckSchema): ToolName | ToolSpec {
  if (typeof value === 'string') {
    const known = toolNames.find((name) => name === value);
    if (known === undefined)
      throw new BadRow(`The tool ${JSON.stringify(value.slice(0, 60))} is unknown; there are ${toolNames.join(', ')}.`);
    return known;
  }
  const spec = isJsonObject(value) && isJsonObject(value['function']) ? value['function'] : value;
  if (!isJsonObject(spec)) throw new BadRow('A tool of "tools" is neither a name nor {name, description, parameters}.');
  const { name, description, parameters } = spec;
  if (typeof name !== 'string' || !namePattern.test(name)) {
    throw new BadRow('The name of a tool is up to 64 letters, digits, dots, dashes and underscores.');
  }
  if (toolNames.some((shipped) => shipped === name)) throw new BadRow(`The tool ${name} ships: name it as text alone.`);
  if (description !== undefined && typeof description !== 'string') throw new BadRow(`"description" of the tool ${name} is not text.`);
  const schema = parameters ?? { type: 'object', properties: {} };
  if (!isJsonObject(schema)) throw new BadRow(`"parameters" of the tool ${name} is not a JSON Schema object.`);
  const problem = checkSchema?.(schema) ?? null;
  if (problem !== null) throw new BadRow(`"parameters" of the tool ${name} cannot be used: ${closed(problem)}`);
  return { name, description: description ?? '', parameters: schema };
}

function readFixture(value: JsonValue): FetchFixture {
  const { url, status = 200, body } = isJsonObject(value) ? value : {};
  if (typeof url !== 'string' || !addressPattern.test(url)) throw new BadRow('"url" of a fixture is no http:// or https:// address.');
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    throw new BadRow('"status" of a fixture is not a whole number from 100 to 599.');
  }
  if (body === undefined) throw new BadRow('A fixture has no "body".');
  return { url, status, body };
}

function readFault(value: JsonValue, offered: readonly string[]): ToolFault {
  const { tool, message } = isJsonObject(value) ? value : {};
  if (typeof tool !== 'string' || typeof message !== 'string' || message === '')
    throw new BadRow('A fault of "faults" is not {tool, message} in text.');
  if (!offered.includes(tool)) throw new BadRow(`"faults" names the tool ${JSON.stringify(tool.slice(0, 60))}, which is not offered.`);
  return { tool, message };
}

function readJudge(value: JsonValue | undefined): JudgeTask | null {
  if (value === undefined || value === null) return null;
  const { kind, criteria, reference = null, question } = isJsonObject(value) ? value : {};
  const isText = (entry: JsonValue | undefined): entry is string => typeof entry === 'string' && entry.trim() !== '';
  if (kind === 'preference') {
    if (!isText(question)) throw new BadRow('"question" of the judge\'s preference is missing.');
    return { kind, question };
  }
  if (kind !== 'checklist') throw new BadRow('"judge" is neither a checklist nor a preference.');
  const list = isJsonList(criteria) ? criteria : [];
  if (list.length === 0 || list.length > 20 || !list.every(isText))
    throw new BadRow('"criteria" of the judge\'s checklist is not a list of up to 20 sentences.');
  if (reference !== null && typeof reference !== 'string') throw new BadRow('"reference" of the judge\'s checklist is not text.');
  return { kind, criteria: list, reference };
}
