import { describe, expect, it } from 'vitest';
import { renderTable } from '#main/hosts/cli/table.ts';

describe('a table', () => {
  it('lines columns up, numbers to the right', () => {
    const rows = [
      { name: 'a', size: '1' },
      { name: 'longer', size: '1000' },
    ];
    const text = renderTable(rows, [
      { title: 'Name', text: (row) => row.name },
      { title: 'Size', align: 'right', text: (row) => row.size },
    ]);
    expect(text).toBe('Name    Size\na          1\nlonger  1000\n');
  });

  it('counts what a terminal shows: wide, combined and emoji characters', () => {
    const text = renderTable(
      ['模型', 'e\u0301', '😀'],
      [
        { title: 'N', text: (row) => row },
        { title: '|', text: () => '|' },
      ],
    );
    expect(text).toBe('N     |\n模型  |\ne\u0301     |\n😀    |\n');
  });

  it('cuts long names in the middle and lets no control character through', () => {
    const [, row] = renderTable([`start${'x'.repeat(100)}end`], [{ title: 'N', maxWidth: 11, text: (name) => name }]).split('\n');
    expect(row).toBe('start…xxend');
    expect(renderTable(['\u001b[31mred\u202e\n'], [{ title: 'N', text: (name) => name }])).toBe('N\n [31mred\n');
  });
});
