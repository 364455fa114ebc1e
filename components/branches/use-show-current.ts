import { usePathname, useRouter } from "next/navigation";
import { useCallback } from "react";

/** Shows the current branch as the server has it. An address that names another one is left for the plain one. */
export function useShowCurrent(): () => void {
  const router = useRouter();
  const path = usePathname();
  return useCallback(() => {
    if (window.location.search) router.replace(path, { scroll: false });
    else router.refresh();
  }, [router, path]);
}
