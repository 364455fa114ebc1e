import { Notice } from "#components/ui/notice.tsx";

export const metadata = { title: "Not found" };

export default function NotFound() {
  return <Notice title="There is nothing here">The address is wrong, or what was here has been removed.</Notice>;
}
