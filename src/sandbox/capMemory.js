const pageBytes = 65_536;
const memorySection = 5;
const hasMaximum = 1;

/**
 * Lowers the most memory that a WebAssembly program may ever have, in its own binary, so that the engine holds it to that: no code inside and no
 * script beside it can take the limit away. https://webassembly.github.io/spec/core/binary/modules.html#memory-section
 * @param {Uint8Array<ArrayBuffer>} program changed in place.
 * @param {number} limitBytes a whole number of 64 KiB pages is used of it.
 * @returns {Uint8Array<ArrayBuffer>} the same bytes.
 * @throws {Error} when the program does not keep exactly one memory with a maximum.
 */
export function capMemory(program, limitBytes) {
  const section = findSection(program, memorySection);
  if (section === null) throw new Error('The program has no memory of its own.');
  const count = readNumber(program, section);
  if (count.value !== 1 || program[count.next] !== hasMaximum) throw new Error('The program has no memory with a maximum.');
  const minimum = readNumber(program, count.next + 1);
  const maximum = readNumber(program, minimum.next);
  const pages = Math.floor(limitBytes / pageBytes);
  if (pages < minimum.value || pages > maximum.value) throw new Error('The memory limit is out of range.');
  writeNumber(program, { at: minimum.next, length: maximum.next - minimum.next, value: pages });
  return program;
}

/**
 * @param {Uint8Array} program
 * @param {number} wanted
 * @returns {number | null} where the content of the section begins.
 */
function findSection(program, wanted) {
  for (let at = 8; at < program.length; ) {
    const id = program[at];
    const size = readNumber(program, at + 1);
    if (id === wanted) return size.next;
    at = size.next + size.value;
  }
  return null;
}

/**
 * Reads an unsigned LEB128 number.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function readNumber(bytes, at) {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[at + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  throw new Error('The program is damaged.');
}

/**
 * Writes an unsigned LEB128 number with leading zeros, so that what follows stays where it is.
 * @param {Uint8Array} bytes
 * @param {{ at: number, length: number, value: number }} number
 */
function writeNumber(bytes, { at, length, value }) {
  for (let index = 0; index < length; index += 1) {
    const rest = Math.floor(value / 2 ** (7 * index)) & 0x7f;
    bytes[at + index] = index === length - 1 ? rest : rest | 0x80;
  }
}
