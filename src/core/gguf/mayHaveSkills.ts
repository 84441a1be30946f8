/**
 * Whether a chat template may know of tools or of thinking. What a template reads it has to name, so one without either word surely knows neither; with
 * one only rendering tells.
 * @param template source of the template
 */
export function mayHaveSkills(template: string): boolean {
  return /\btools\b|thinking/.test(template);
}
