/** Why a row of a data set is no item, in a sentence. Caught by the reader of rows, which tells it with its line. */
export class BadRow extends Error {}
