/** Which tensor of a model it is, for the quantiser's choice. */
export interface RecipePlace {
  /** Without `.weight`: `attn_v`, `ffn_down_exps`, `output`. */
  readonly name: string;
  readonly layer: number;
  readonly layers: number;
  /** Query heads to one head of keys and values. */
  readonly headsPerKv: number;
}

interface Recipe {
  readonly base: string;
  readonly value?: (place: RecipePlace) => string | null;
  readonly down?: (place: RecipePlace) => string | null;
  readonly attentionOutput?: string;
  readonly experts?: string;
  /** Of the output matrix, and of the embedding where that is the output. */
  readonly output: string;
}

const whereMore =
  (type: string) =>
  (place: RecipePlace): string | null =>
    getsMoreBits(place) ? type : null;

/** `llama_tensor_get_type` of llama-quant.cpp without an importance matrix, read 2026-11-21. */
const recipes: ReadonlyMap<string, Recipe> = new Map<string, Recipe>([
  ['F32', { base: 'F32', output: 'F32' }],
  ['F16', { base: 'F16', output: 'F16' }],
  ['BF16', { base: 'BF16', output: 'BF16' }],
  ['Q8_0', { base: 'Q8_0', output: 'Q8_0' }],
  ['MXFP4_MOE', { base: 'Q8_0', experts: 'MXFP4', output: 'Q8_0' }],
  ['Q6_K', { base: 'Q6_K', output: 'Q6_K' }],
  ['Q5_K_M', { base: 'Q5_K', value: whereMore('Q6_K'), down: whereMore('Q6_K'), output: 'Q6_K' }],
  ['Q5_K_S', { base: 'Q5_K', output: 'Q6_K' }],
  ['Q4_K_M', { base: 'Q4_K', value: whereMore('Q6_K'), down: whereMore('Q6_K'), output: 'Q6_K' }],
  [
    'Q4_K_S',
    {
      base: 'Q4_K',
      value: ({ layer }) => (layer < 4 ? 'Q5_K' : null),
      down: ({ layer, layers }) => (layer < Math.floor(layers / 8) ? 'Q5_K' : null),
      output: 'Q6_K',
    },
  ],
  ['Q4_0', { base: 'Q4_0', output: 'Q6_K' }],
  ['Q3_K_L', { base: 'Q3_K', value: () => 'Q5_K', down: () => 'Q5_K', attentionOutput: 'Q5_K', output: 'Q6_K' }],
  [
    'Q3_K_M',
    {
      base: 'Q3_K',
      value: ({ layer }) => (layer < 2 ? 'Q5_K' : 'Q4_K'),
      down: ({ layer, layers }) => (layer < Math.floor(layers / 16) ? 'Q5_K' : 'Q4_K'),
      attentionOutput: 'Q4_K',
      output: 'Q6_K',
    },
  ],
  ['Q3_K_S', { base: 'Q3_K', output: 'Q6_K' }],
  [
    'Q2_K',
    {
      base: 'Q2_K',
      value: ({ headsPerKv }) => (headsPerKv >= 4 ? 'Q4_K' : 'Q3_K'),
      down: () => 'Q3_K',
      attentionOutput: 'Q3_K',
      output: 'Q6_K',
    },
  ],
]);

/** Where rows are no whole number of a type's blocks. */
const fallbacks: ReadonlyMap<string, string> = new Map([
  ['Q2_K', 'Q4_0'],
  ['Q3_K', 'Q4_0'],
  ['Q4_K', 'Q5_0'],
  ['Q5_K', 'Q5_1'],
  ['Q6_K', 'Q8_0'],
]);

/** Whether the types of a quant are known tensor by tensor. @param quant as llama.cpp writes it: `Q4_K_M` */
export function hasRecipe(quant: string): boolean {
  return recipes.has(quant);
}

/**
 * The type that llama.cpp's quantiser gives a matrix of a dense model or of a mixture of many small experts.
 * @param of.rowLength elements in one row
 * @returns ggml's name of the type; null for a quant without a recipe here
 */
export function recipeType(quant: string, of: { readonly place: RecipePlace; readonly rowLength: number }): string | null {
  const recipe = recipes.get(quant);
  if (!recipe) return null;
  const type = wantedType(recipe, of.place);
  return of.rowLength % 256 === 0 ? type : (fallbacks.get(type) ?? type);
}

function wantedType(recipe: Recipe, place: RecipePlace): string {
  const { name } = place;
  if (name === 'output') return recipe.output;
  if (name === 'attn_v') {
    const type = recipe.value?.(place) ?? recipe.base;
    // Eight heads share these weights in the models of 80 layers: more bits cost next to nothing.
    return place.layers === 80 && (type === 'Q3_K' || type === 'Q4_K') ? 'Q5_K' : type;
  }
  if (name.endsWith('_exps') && recipe.experts !== undefined) return recipe.experts;
  if (name.startsWith('ffn_down')) return recipe.down?.(place) ?? recipe.base;
  if (name === 'attn_output') return recipe.attentionOutput ?? recipe.base;
  return recipe.base;
}

/** `use_more_bits`: the first and last eighth, and every third layer between. */
function getsMoreBits({ layer, layers }: RecipePlace): boolean {
  const eighth = Math.floor(layers / 8);
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
}
