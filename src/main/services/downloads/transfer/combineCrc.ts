/**
 * CRC-32 of two stretches of bytes that follow each other, from the CRC-32 of each: x^(8n) modulo the polynomial is a linear map of 32 bits, made
 * here of its powers of two. As `crc32_combine` of zlib 1.2 does it (crc32.c, checked 2026-11-21); Node's own zlib has no such function.
 * @param secondBytes length of the second stretch
 */
export function combineCrc(first: number, second: number, secondBytes: number): number {
  let crc = first;
  let bytes = secondBytes;
  for (let power = 0; bytes > 0; power++) {
    if (bytes % 2 === 1) crc = times(powerOf(power), crc);
    bytes = Math.floor(bytes / 2);
  }
  return (crc ^ second) >>> 0;
}

type Matrix = Int32Array;
const polynomial = 0xedb88320;
/** What 2^index zero bytes do to a CRC. */
const powers: Matrix[] = [];

function powerOf(index: number): Matrix {
  for (let known = powers.length; known <= index; known++) {
    const before = powers[known - 1];
    powers.push(before === undefined ? square(square(square(oneZeroBit()))) : square(before));
  }
  return powers[index] as Matrix;
}

function oneZeroBit(): Matrix {
  return Int32Array.from({ length: 32 }, (_, bit) => (bit === 0 ? polynomial : 1 << (bit - 1)));
}

function square(matrix: Matrix): Matrix {
  return matrix.map((row) => times(matrix, row));
}

function times(matrix: Matrix, vector: number): number {
  let sum = 0;
  for (let bits = vector, row = 0; bits !== 0; bits >>>= 1, row++) {
    if ((bits & 1) === 1) sum ^= matrix[row] ?? 0;
  }
  return sum;
}
