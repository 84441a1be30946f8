/** Signs by their TeX names. */
export const symbols: Readonly<Record<string, string>> = {
  ...{ alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ϵ', varepsilon: 'ε', zeta: 'ζ', eta: 'η', theta: 'θ', vartheta: 'ϑ' },
  ...{
    iota: 'ι',
    kappa: 'κ',
    lambda: 'λ',
    mu: 'μ',
    nu: 'ν',
    xi: 'ξ',
    pi: 'π',
    varpi: 'ϖ',
    rho: 'ρ',
    varrho: 'ϱ',
    sigma: 'σ',
    varsigma: 'ς',
  },
  ...{ tau: 'τ', upsilon: 'υ', phi: 'ϕ', varphi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω', Gamma: 'Γ', Delta: 'Δ', Theta: 'Θ', Lambda: 'Λ' },
  ...{ Xi: 'Ξ', Pi: 'Π', Sigma: 'Σ', Upsilon: 'Υ', Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω', hbar: 'ℏ', ell: 'ℓ', Re: 'ℜ', Im: 'ℑ', aleph: 'ℵ' },
  ...{ infty: '∞', partial: '∂', nabla: '∇', emptyset: '∅', varnothing: '∅', angle: '∠', triangle: '△', degree: '°', dagger: '†' },
};

/** Operators and relations by their TeX names. */
export const operators: Readonly<Record<string, string>> = {
  ...{ times: '×', cdot: '⋅', div: '÷', pm: '±', mp: '∓', ast: '∗', star: '⋆', circ: '∘', bullet: '∙', oplus: '⊕', otimes: '⊗', odot: '⊙' },
  ...{ leq: '≤', le: '≤', geq: '≥', ge: '≥', neq: '≠', ne: '≠', approx: '≈', equiv: '≡', sim: '∼', simeq: '≃', cong: '≅', propto: '∝' },
  ...{ ll: '≪', gg: '≫', lt: '<', gt: '>', prec: '≺', succ: '≻', in: '∈', notin: '∉', ni: '∋', subset: '⊂', subseteq: '⊆', supset: '⊃' },
  ...{ supseteq: '⊇', cup: '∪', cap: '∩', setminus: '∖', land: '∧', wedge: '∧', lor: '∨', vee: '∨', lnot: '¬', neg: '¬', forall: '∀' },
  ...{ exists: '∃', nexists: '∄', top: '⊤', bot: '⊥', perp: '⊥', parallel: '∥', mid: '∣', vdash: '⊢', models: '⊨', therefore: '∴' },
  ...{
    because: '∵',
    to: '→',
    rightarrow: '→',
    leftarrow: '←',
    gets: '←',
    leftrightarrow: '↔',
    Rightarrow: '⇒',
    implies: '⟹',
    Leftarrow: '⇐',
  },
  ...{
    Leftrightarrow: '⇔',
    iff: '⟺',
    mapsto: '↦',
    longrightarrow: '⟶',
    longleftarrow: '⟵',
    uparrow: '↑',
    downarrow: '↓',
    hookrightarrow: '↪',
  },
  ...{ ldots: '…', dots: '…', cdots: '⋯', vdots: '⋮', ddots: '⋱', colon: ':', langle: '⟨', rangle: '⟩', lfloor: '⌊', rfloor: '⌋' },
  ...{ lceil: '⌈', rceil: '⌉', lvert: '|', rvert: '|', vert: '|', lVert: '‖', rVert: '‖', Vert: '‖', '|': '‖', '{': '{', '}': '}' },
  ...{ lbrace: '{', rbrace: '}', lbrack: '[', rbrack: ']', '%': '%', $: '$', '#': '#', '&': '&', _: '_', prime: '′', backslash: '\\' },
};

/** Signs that carry their limits above and below where a formula stands alone. */
export const largeOperators: Readonly<Record<string, string>> = {
  ...{ sum: '∑', prod: '∏', coprod: '∐', bigcup: '⋃', bigcap: '⋂', bigoplus: '⨁', bigotimes: '⨂', bigvee: '⋁', bigwedge: '⋀' },
};

export const integrals: Readonly<Record<string, string>> = { int: '∫', iint: '∬', iiint: '∭', oint: '∮' };

export const functionNames: ReadonlySet<string> = new Set(
  'sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp det dim ker deg gcd hom arg Pr'.split(' '),
);
export const limitNames: ReadonlySet<string> = new Set('lim limsup liminf max min sup inf argmax argmin'.split(' '));

/** In em. */
export const spaces: Readonly<Record<string, number>> = { ',': 0.17, ':': 0.22, ';': 0.28, '!': -0.17, ' ': 0.25, quad: 1, qquad: 2 };

export const accents: Readonly<Record<string, string>> = {
  ...{ hat: '^', widehat: '^', bar: '¯', overline: '¯', vec: '→', overrightarrow: '→', dot: '˙', ddot: '¨', tilde: '~', widetilde: '~' },
  ...{ check: 'ˇ', acute: '´', grave: '`', overbrace: '⏞' },
};
export const underAccents: Readonly<Record<string, string>> = { underline: '_', underbrace: '⏟' };

/** Say how, and not what. */
export const ignored: ReadonlySet<string> = new Set(
  'displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr nonumber'.split(' '),
);

/** What stands around the rows of an environment; null = it is not known. */
export const environments: Readonly<Record<string, readonly [string, string]>> = {
  ...{ matrix: ['', ''], pmatrix: ['(', ')'], bmatrix: ['[', ']'], Bmatrix: ['{', '}'], vmatrix: ['|', '|'], Vmatrix: ['‖', '‖'] },
  ...{ cases: ['{', ''], aligned: ['', ''], align: ['', ''], 'align*': ['', ''], gathered: ['', ''], array: ['', ''], split: ['', ''] },
  ...{ equation: ['', ''], 'equation*': ['', ''] },
};
