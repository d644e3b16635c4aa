use super::*;

fn records(text: &str) -> Vec<RawRow> {
    let text = Text(Arc::new(text.into()));
    Records::new(&text, 0, 1, ',').collect()
}

/// Row numbers and cells, for comparison.
fn numbered(text: &str) -> Vec<(u32, String)> {
    records(text).into_iter().map(|row| (row.number, row.cells.join("|"))).collect()
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    let want = |rows: &[(u32, &str)]| -> Vec<(u32, String)> {
        rows.iter().map(|(number, cells)| (*number, (*cells).to_owned())).collect()
    };
    let with_break = "a,b\n1,\"x\ny\nz\"\n2,w\n";
    assert_eq!(numbered(with_break), want(&[(1, "a|b"), (2, "1|x\ny\nz"), (3, "2|w")]));
    let blank_lines = "\n\na,b\n\n1,x\n\n\n2,\"\"\"y\"\"\"";
    assert_eq!(numbered(blank_lines), want(&[(3, "a|b"), (5, "1|x"), (8, "2|\"y\"")]));
    // The line ends of Windows and of old Macs count alike.
    for end in ["\r\n", "\r"] {
        assert_eq!(numbered(&blank_lines.replace('\n', end)), numbered(blank_lines), "{end:?}");
    }
}

#[test]
fn blank_cells_alone_still_make_a_row() {
    assert_eq!(numbered("a,b\n,\n1,2\n")[2].0, 3);
    assert!(records("a,b\n,\n")[1].is_blank());
}

#[test]
fn a_quote_that_is_never_closed_is_a_fault_of_the_row_where_it_opens() {
    let rows = records("a,b\n1,x\n2,\"y\n3,z\n4,z\n");
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1].fault, None);
    assert_eq!(rows[2].number, 3);
    assert!(rows[2].fault.as_ref().unwrap().reason.contains("到文件末尾的 3 行"));
    // A quote inside a cell is only a character.
    assert_eq!(records("a,b\n1,5\" pipe\n2,\"closed\"")[2].fault, None);
}

#[test]
fn a_record_beyond_the_limit_is_a_fault_and_the_next_is_read() {
    let long = "x".repeat(LINE_BYTES_MAX);
    let rows = records(&format!("a,b\n1,{long}\n2,y\n"));
    assert!(rows[1].fault.as_ref().unwrap().expected.contains("1 MiB"));
    assert_eq!((rows[2].number, rows[2].fault.as_ref()), (3, None));
}
