import { caseId, said, type TalkCase } from './talkCase.ts';

const task = 'factual question';

interface Fact {
  readonly question: string;
  /** Each in its spellings. */
  readonly facts: readonly (readonly string[])[];
  readonly atLeast?: number;
  /** Mistakes that people and models make here. */
  readonly never?: readonly string[];
  readonly answer: string;
  readonly mistake: string;
}

const toledo: Fact = {
  question:
    'What was the translation movement of Toledo in the Middle Ages? Say when it flourished, out of which language most works were translated, and into which.',
  facts: [['12th', 'twelfth', '13th', 'thirteenth'], ['Arabic'], ['Latin', 'Castilian']],
  never: ['15th century', 'fifteenth century'],
  answer:
    'In the 12th and 13th centuries scholars in Toledo translated works of science and philosophy from Arabic into Latin, later into Castilian.',
  mistake: 'In the 15th century scholars in Toledo translated from Latin into Greek.',
};

const questions: readonly Fact[] = [
  toledo,
  {
    question: 'Who brought printing with movable metal type to Europe, in which city, and in which century?',
    facts: [['Gutenberg'], ['Mainz'], ['15th', 'fifteenth', '1440', '1450', '1440s', '1450s']],
    never: ['16th century', 'sixteenth century', 'Martin Luther invented'],
    answer: 'Johannes Gutenberg did, in Mainz, around 1450.',
    mistake: 'Johannes Gutenberg did, in Mainz, in the 16th century.',
  },
  {
    question: 'Who discovered penicillin, in which year, and from what kind of organism does it come?',
    facts: [['Fleming'], ['1928'], ['mould', 'mold', 'fungus', 'penicillium']],
    never: ['Pasteur discovered penicillin', '1945 discovered'],
    answer: 'Alexander Fleming discovered it in 1928; it comes from a mould.',
    mistake: 'Louis Pasteur discovered it in 1885; it comes from a mould.',
  },
  {
    question: 'Who carried out the first vaccination against smallpox in England, in which year, and with material from which disease?',
    facts: [['Jenner'], ['1796'], ['cowpox', 'cow pox']],
    answer: 'Edward Jenner, in 1796, with material from cowpox.',
    mistake: 'Edward Jenner, in 1896, with material from cowpox.',
  },
  {
    question: 'Which two people published the double helix of DNA in 1953, and whose X-ray pictures helped them?',
    facts: [['Watson'], ['Crick'], ['Franklin']],
    answer: 'James Watson and Francis Crick, helped by the pictures of Rosalind Franklin.',
    mistake: 'James Watson and Linus Pauling, helped by the pictures of Marie Curie.',
  },
  {
    question: 'Which chemist published the periodic table in 1869, from which country did he come, and what did he order the elements by?',
    facts: [
      ['Mendeleev', 'Mendeleyev', 'Mendeleef'],
      ['Russia', 'Russian'],
      ['weight', 'weights', 'mass', 'masses'],
    ],
    never: ['Lavoisier published'],
    answer: 'Dmitri Mendeleev, from Russia, ordered them by atomic weight.',
    mistake: 'Antoine Lavoisier, from France, ordered them by colour.',
  },
  {
    question: 'Who proposed the World Wide Web, at which institute, and in which year?',
    facts: [['Berners Lee'], ['CERN'], ['1989']],
    never: ['Bill Gates', 'Steve Jobs', 'Al Gore'],
    answer: 'Tim Berners-Lee, at CERN, in 1989.',
    mistake: 'Bill Gates, at CERN, in 1989.',
  },
  {
    question: 'Which two seas does the Suez Canal connect, in which country does it lie, and in which year was it opened?',
    facts: [['Mediterranean'], ['Red Sea'], ['Egypt'], ['1869']],
    never: ['Caspian Sea', '1914'],
    answer: 'It connects the Mediterranean and the Red Sea, lies in Egypt and was opened in 1869.',
    mistake: 'It connects the Mediterranean and the Red Sea, lies in Egypt and was opened in 1914.',
  },
  {
    question: 'Which king agreed to Magna Carta, in which year, and in which meadow by the Thames?',
    facts: [['John'], ['1215'], ['Runnymede']],
    never: ['King Henry VIII', 'King Richard agreed'],
    answer: 'King John agreed to it in 1215, at Runnymede.',
    mistake: 'King Henry VIII agreed to it in 1215, at Runnymede.',
  },
  {
    question: 'For which two sciences did Marie Curie receive Nobel Prizes, and which two elements did she and her husband discover?',
    facts: [['physics'], ['chemistry'], ['polonium'], ['radium']],
    never: ['Nobel Prize in Medicine'],
    answer: 'For physics and chemistry; they discovered polonium and radium.',
    mistake: 'For physics and literature; they discovered polonium and radon.',
  },
  {
    question:
      'What do green plants take in for photosynthesis besides light, which gas do they give off, and where in the cell does it happen?',
    facts: [
      ['carbon dioxide', 'CO2', 'CO₂'],
      ['water', 'H2O'],
      ['oxygen', 'O2'],
      ['chloroplast', 'chloroplasts'],
    ],
    never: ['in the mitochondria', 'in the mitochondrion'],
    answer: 'They take in carbon dioxide and water, give off oxygen, and it happens in the chloroplasts.',
    mistake: 'They take in oxygen and water, give off nitrogen, and it happens in the mitochondria.',
  },
  {
    question: 'Who were the first two people to walk on the Moon, with which mission, and in which year?',
    facts: [['Armstrong'], ['Aldrin'], ['Apollo 11', 'Apollo eleven'], ['1969']],
    never: ['Apollo 13', 'Gagarin', '1968'],
    answer: 'Neil Armstrong and Buzz Aldrin, with Apollo 11, in 1969.',
    mistake: 'Neil Armstrong and Yuri Gagarin, with Apollo 11, in 1969.',
  },
];

/** Twelve things that have been settled for long, with the facts an answer has to name and mistakes it must not make. */
export function factualQuestions(): readonly TalkCase[] {
  return questions.map((fact, index) => factCase(caseId(task, index + 1), fact));
}

/** The one of the short suite. */
export function factualQuestion(): TalkCase {
  return factCase('short-factual-question', toledo);
}

function factCase(id: string, { question, facts, atLeast, never, answer, mistake }: Fact): TalkCase {
  return {
    row: {
      id,
      task,
      system: 'Answer in at most four sentences.',
      input: question,
      grader: { type: 'key-facts', facts, ...(atLeast === undefined ? {} : { atLeast }), ...(never === undefined ? {} : { never }) },
      judge: {
        kind: 'checklist',
        criteria: [
          'It answers every part of the question.',
          'It agrees with the reference.',
          'It says nothing that contradicts the reference.',
          'It says nothing that was not asked for and is false.',
        ],
        reference: answer,
      },
      tags: ['by hand'],
    },
    right: said(answer),
    wrong: said(mistake),
  };
}
