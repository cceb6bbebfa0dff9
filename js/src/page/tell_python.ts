/** Telling Python what was set. Owns no state. */

/** Where the kernel is gone there is nobody to tell, and the page goes on with what it has. */
export function saveChanges(model: { save_changes(): void }): void {
  try {
    model.save_changes();
  } catch {
    return;
  }
}

/** The same for a message; whether it could be sent. */
export function sendMessage<T>(model: { send(message: T): void }, message: T): boolean {
  try {
    model.send(message);
    return true;
  } catch {
    return false;
  }
}
