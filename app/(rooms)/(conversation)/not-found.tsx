import { Notice } from "#components/ui/notice.tsx";

export default function NotFound() {
  return (
    <Notice title="There is no such conversation">
      It was deleted, or it belongs to another account. Your own conversations are in the sidebar.
    </Notice>
  );
}
