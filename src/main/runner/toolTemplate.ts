import type { PromptTemplate } from './promptTemplate.ts';

/**
 * A file may bring a second template for conversations with tools (Hermes, Command R): `tokenizer.chat_template.tool_use`.
 * @param plain for all other conversations, and for those with tools where the second one knows none
 * @param forTools null where the file has none
 */
export function withToolTemplate(plain: PromptTemplate, forTools: PromptTemplate | null): PromptTemplate {
  if (forTools === null) return plain;
  return {
    source: plain.source,
    async render(conversation) {
      if (conversation.tools.length === 0) return plain.render(conversation);
      const isForTools = (await forTools.warmUp()).knowsTools;
      return isForTools ? forTools.render(conversation) : plain.render(conversation);
    },
    async warmUp() {
      const [skills, toolSkills] = await Promise.all([plain.warmUp(), forTools.warmUp()]);
      return { ...skills, knowsTools: skills.knowsTools || toolSkills.knowsTools };
    },
  };
}
