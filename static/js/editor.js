// Turn every text box marked data-editor into an editor (ProseMirror, from django-prose-editor).
// The box stays the form's field: the editor writes its HTML into it, and the server cleans it again.
import {
  Blockquote, Bold, BulletList, Caption, Document, Dropcursor, Figure, Gapcursor, HardBreak, Heading, History,
  HorizontalRule, HTML, Image, Italic, Link, ListItem, Menu, NoSpellCheck, OrderedList, Paragraph, Strike, Subscript,
  Superscript, Table, TableCell, TableHeader, TableRow, Text, Underline, createTextareaEditor, initializeEditors,
} from "../django_prose_editor/editor.js";

const extensions = () => [
  Document, Dropcursor, Gapcursor, Paragraph, HardBreak, Text, History, Menu, HTML, NoSpellCheck,
  Heading.configure({ levels: [2, 3, 4] }), Bold, Italic, Underline, Strike, Subscript, Superscript, Blockquote,
  BulletList, OrderedList, ListItem, Link, HorizontalRule, Table, TableRow, TableHeader, TableCell,
  Figure, Image, Caption,
];

initializeEditors((textarea) => {
  if (textarea.closest(".prose-editor")) return;
  createTextareaEditor(textarea, extensions());
}, "textarea[data-editor]");
