// Turn every text box marked data-editor into an editor (ProseMirror, from django-prose-editor).
// The box stays the form's field: the editor writes its HTML into it, and the server cleans it again.
// It is large and comes after the page: an empty box can be written in meanwhile, a text stands there to be read.
const uncover = () => document.querySelectorAll(".editor-shown").forEach((shown) => shown.remove());

async function begin() {
  const {
    Blockquote, Bold, BulletList, Caption, Document, Dropcursor, Figure, Gapcursor, HardBreak, Heading, History,
    HorizontalRule, HTML, Image, Italic, Link, ListItem, Menu, NoSpellCheck, OrderedList, Paragraph, Strike, Subscript,
    Superscript, Table, TableCell, TableHeader, TableRow, Text, Underline, createTextareaEditor, initializeEditors,
  } = await import("../django_prose_editor/editor.js");

  const extensions = () => [
    Document, Dropcursor, Gapcursor, Paragraph, HardBreak, Text, History, Menu, HTML, NoSpellCheck,
    Heading.configure({ levels: [2, 3, 4] }), Bold, Italic, Underline, Strike, Subscript, Superscript, Blockquote,
    BulletList, OrderedList, ListItem, Link, HorizontalRule, Table, TableRow, TableHeader, TableCell,
    Figure, Image, Caption,
  ];

  uncover();
  initializeEditors((textarea) => {
    if (textarea.closest(".prose-editor")) return;
    const editor = createTextareaEditor(textarea, extensions());
    const label = textarea.labels[0]?.textContent.trim();
    editor.setOptions({ editorProps: { attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label || textarea.name } } });
  }, "textarea[data-editor]");
}

const start = () => begin().catch(uncover);
if (document.readyState === "complete") start();
else addEventListener("load", start);
