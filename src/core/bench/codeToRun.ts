import { codeInText } from './codeInText.ts';
import type { Answered, CodeExecution, GradedItem } from './gradedItem.ts';
import { jsonEqual, readJson } from './jsonValue.ts';
import type { Grader, JsonValue } from './labelledItem.ts';
import { quoted, written } from './quoted.ts';

export type PythonGrader = Extract<Grader, { readonly type: 'python' }>;

/** A program for the sandbox, and how to read what came of it. */
export interface CodeJob {
  readonly code: string;
  /** Whether the code under test did what it should. */
  read(run: CodeRun): CodeExecution;
}

/** What a sandbox says of a program. */
export interface CodeRun {
  readonly state: 'finished' | 'raised' | 'timed-out' | 'out-of-memory';
  readonly stdout: string;
  readonly error: string | null;
}

const sourceLimitCharacters = 100_000;
const tool = 'execute_python';

/**
 * The program that tries the Python of an answer under the hidden tests of its item.
 *
 * Values of `cases` never enter the interpreter: it says what each call gave, and `read` compares. So a program that ends early, patches the interpreter or
 * prints what it likes gains nothing unless it works the right values out. `tests` are Python of the data set's author and run beside the code under test:
 * they catch mistakes, and an early end, but are as strong as they are written.
 * @param item an item; only one whose grader is, or holds, `python` has code to run
 * @param answered the model's text and calls
 * @returns null where there is no such grader, or no code in the answer
 */
export function codeToRun(item: Pick<GradedItem, 'grader'>, answered: Pick<Answered, 'text' | 'calls'>): CodeJob | null {
  const grader = pythonGraderOf(item.grader);
  const source = grader === null ? null : pythonIn(answered, grader);
  if (grader === null || source === null) return null;
  const marker = `checked-${fingerprint(`${source}\n${grader.tests ?? ''}\n${grader.cases?.map(({ call }) => call).join('\n') ?? ''}`)}`;
  return { code: harness({ source, grader, marker }), read: (run) => readRun(run, { grader, marker }) };
}

/**
 * Whether an item can only be graded, or answered, where Python can be run.
 * @param item an item
 */
export function needsPython(item: {
  readonly grader: Grader | null;
  readonly tools?: readonly (string | { readonly name: string })[];
}): boolean {
  return pythonGraderOf(item.grader) !== null || (item.tools?.some((offered) => offered === tool) ?? false);
}

function pythonGraderOf(grader: Grader | null): PythonGrader | null {
  if (grader?.type === 'python') return grader;
  return grader?.type === 'all' ? (grader.of.find((part) => part.type === 'python') ?? null) : null;
}

/** What the model wrote; null where it wrote no Python, or far more than anybody would. */
function pythonIn(answered: Pick<Answered, 'text' | 'calls'>, grader: PythonGrader): string | null {
  const source =
    grader.from === 'call' ? lastCallIn(answered, grader.function) : codeInText(answered.text, { holds: grader.function ?? null });
  return source === '' || source.length > sourceLimitCharacters ? null : source;
}

/** Of the last call that worked and defines what is asked for; a model may run something else afterwards. Of the last one at all where none did. */
function lastCallIn({ calls }: Pick<Answered, 'calls'>, name: string | undefined): string {
  const sources = calls.flatMap(({ name: called, arguments: { code }, error }) =>
    called === tool && typeof code === 'string' ? [{ code, worked: error === null }] : [],
  );
  const worked = sources.filter((source) => source.worked);
  const defining = worked.findLast(({ code }) => name !== undefined && code.includes(`def ${name}`));
  return (defining ?? worked.at(-1) ?? sources.at(-1))?.code.trim() ?? '';
}

/**
 * What is needed of the interpreter is taken before the code under test runs, so that it can take nothing away. Its end is not the program's end, and what
 * it prints is dropped. Text in JSON is text in Python.
 */
function harness({ source, grader, marker }: { readonly source: string; readonly grader: PythonGrader; readonly marker: string }): string {
  const calls = (grader.cases ?? []).map(({ call }) => call);
  return `def _check():
    import builtins, json, sys
    run, make, worth, settrace, output, faults = exec, compile, eval, sys.settrace, sys.stdout, sys.stderr
    write, dumps, every, order, failure, leave, is_a, kind = output.write, json.dumps, BaseException, sorted, RuntimeError, SystemExit, isinstance, type
    whole, part, text, series, pair, table, group, frozen = int, float, str, list, tuple, dict, set, frozenset
    class Silence:
        encoding = 'utf-8'
        def write(self, words): return len(words)
        def flush(self): pass
        def isatty(self): return False
    def plain(value, depth=0):
        if value is None or value is True or value is False: return value
        if depth > 20: raise failure('the value nests too deeply')
        if is_a(value, text): return text.__str__(value)
        if is_a(value, whole): return whole.__add__(value, 0)
        if is_a(value, part):
            number = part.__add__(value, 0.0)
            if number - number != 0: raise failure('it gave ' + part.__repr__(number))
            return number
        if is_a(value, series): return [plain(entry, depth + 1) for entry in series.__iter__(value)]
        if is_a(value, pair): return [plain(entry, depth + 1) for entry in pair.__iter__(value)]
        if is_a(value, group): return order([plain(entry, depth + 1) for entry in group.__iter__(value)])
        if is_a(value, frozen): return order([plain(entry, depth + 1) for entry in frozen.__iter__(value)])
        if is_a(value, table):
            return {key if kind(key) is text else dumps(plain(key, depth + 1)): plain(entry, depth + 1) for key, entry in table.items(value)}
        raise failure('it gave a value of the type ' + kind(value).__name__)
    def said(error):
        words = ''
        try: words = text(error)
        except every: pass
        return (kind(error).__name__ + (': ' + words if words else ''))[:300]
    space = {'__name__': 'answer', '__builtins__': builtins}
    gave = []
    sys.stdout = sys.stderr = Silence()
    try:
        try:
            run(make(${JSON.stringify(source)}, 'answer.py', 'exec'), space)
        except leave:
            pass
        settrace(None)
        if ${grader.function === undefined ? 'False' : `${JSON.stringify(grader.function)} not in space`}:
            raise failure(${JSON.stringify(`there is no ${grader.function ?? ''}`)})
        try:
            run(make(${JSON.stringify(grader.tests ?? '')}, 'tests.py', 'exec'), space)
        except leave:
            raise failure('the program ended by itself')
        for call in ${JSON.stringify(calls)}:
            try: gave.append(dumps({'value': plain(worth(make(call, 'case', 'eval'), space))}))
            except every as error: gave.append(dumps({'error': said(error)}))
    finally:
        sys.stdout, sys.stderr = output, faults
    write('\\n' + ${JSON.stringify(marker)} + '[' + ', '.join(gave) + ']\\n')

_check()
`;
}

function readRun(run: CodeRun, { grader, marker }: { readonly grader: PythonGrader; readonly marker: string }): CodeExecution {
  switch (run.state) {
    case 'timed-out':
    case 'out-of-memory':
      return { state: run.state, message: run.state === 'timed-out' ? 'It did not come to an end.' : 'It took more memory than it may.' };
    case 'raised':
      return failed(lastLine(run.error ?? '').replace(/^RuntimeError: /, '') || 'It raised an error.');
    case 'finished':
      break;
  }
  const line = run.stdout.split('\n').findLast((candidate) => candidate.startsWith(marker));
  const reading = line === undefined ? null : readJson(line.slice(marker.length));
  const gave = reading?.ok && Array.isArray(reading.value) ? (reading.value as readonly { value?: JsonValue; error?: string }[]) : null;
  const cases = grader.cases ?? [];
  if (gave === null || gave.length !== cases.length) return failed('The program ended before it was tested.');
  for (const [index, { call, gives }] of cases.entries()) {
    const { value, error } = gave[index] ?? {};
    if (typeof error === 'string') return failed(`${quoted(call)} raised ${quoted(error)}.`);
    if (value === undefined || !sameValue(value, gives)) {
      return failed(`${quoted(call)} gave ${written(value ?? null)}, expected ${written(gives)}.`);
    }
  }
  const count = cases.length === 1 ? 'The one case is' : `All ${cases.length} cases are`;
  return { state: 'passed', message: cases.length === 0 ? 'The tests hold.' : `${count} right.` };
}

const failed = (message: string): CodeExecution => ({ state: 'failed', message });

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}

/** As JSON values; fractions to nine digits, since the order of a sum may differ. */
function sameValue(found: JsonValue, wanted: JsonValue): boolean {
  if (typeof found === 'number' && typeof wanted === 'number') {
    return Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
  }
  if (Array.isArray(found) && Array.isArray(wanted)) {
    return (
      found.length === wanted.length && found.every((entry: JsonValue, index) => sameValue(entry, (wanted[index] ?? null) as JsonValue))
    );
  }
  return jsonEqual(found, wanted);
}

/** FNV-1a in two halves: a line that no program prints by chance, and that none can hold of itself. */
function fingerprint(text: string): string {
  return [0x811c9dc5, 0x01000193]
    .map((seed) => {
      let hash = seed;
      for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
      return hash.toString(16).padStart(8, '0');
    })
    .join('');
}
