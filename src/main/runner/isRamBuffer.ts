/**
 * Whether a buffer of the engine lies in the computer's memory, by the name that the log gives it: `CPU`, `CPU_REPACK`, `CPU_Mapped`, `AMX`, and
 * what a GPU's driver has pinned (`CUDA_Host`, `Vulkan_Host`). Everything else belongs to a device: `CUDA0`, `Vulkan1`, `ROCm0`, `Metal`, `MTL0`.
 */
export function isRamBuffer(name: string): boolean {
  return /^(CPU|AMX|BLAS|HBM|ACCEL)/i.test(name) || /_Host$/i.test(name);
}
