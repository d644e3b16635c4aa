use super::*;
use proptest::prelude::*;

const TEXT: &str = "需求编号,需求名称\r\nn-1,膜电极寿命短，求耐久性方案\r\n";

fn utf16(text: &str, mark: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

#[test]
fn every_encoding_gives_the_same_text_and_is_named() {
    let marked = [b"\xEF\xBB\xBF".as_slice(), TEXT.as_bytes()].concat();
    for (bytes, encoding, bom) in [
        (TEXT.as_bytes().to_vec(), Encoding::Utf8, false),
        (marked, Encoding::Utf8, true),
        (utf16(TEXT, b"\xFF\xFE", u16::to_le_bytes), Encoding::Utf16Le, true),
        (utf16(TEXT, b"\xFE\xFF", u16::to_be_bytes), Encoding::Utf16Be, true),
        (gbk(TEXT), Encoding::Gb18030, false),
    ] {
        let decoded = decode(&bytes, None).unwrap();
        assert_eq!(decoded, Decoded { text: TEXT.into(), encoding, bom });
        assert_eq!(decode(&bytes, Some(encoding)).unwrap(), decoded, "the override agrees");
    }
}

#[test]
fn a_character_outside_gbk_is_read_from_gb18030() {
    let bytes = GB18030.encode("𠮷膜€電極，需求名称，联系方式").0.into_owned();
    assert_eq!(decode(&bytes, None).unwrap().text, "𠮷膜€電極，需求名称，联系方式");
}

#[test]
fn a_damaged_utf8_file_is_not_taken_for_gbk() {
    let mut bytes = TEXT.repeat(3).into_bytes();
    let cut = bytes.len() - 6;
    bytes.remove(cut);
    let error = decode(&bytes, None).unwrap_err();
    let IntakeError::IllegalBytes { encoding, offset } = error else { panic!("{error}") };
    assert_eq!(encoding, "UTF-8");
    assert_eq!(offset, TEXT.len() * 3 - 8, "the first byte of the damaged character");
}

#[test]
fn bytes_that_are_legal_in_no_encoding_are_named_by_their_offset() {
    let mut bytes = gbk("需求名称，膜电极");
    bytes.extend(b"ab\xFFcd");
    assert_eq!(
        decode(&bytes, None).unwrap_err(),
        IntakeError::IllegalBytes { encoding: "UTF-8 或 GB18030".to_owned(), offset: 18 }
    );
    let lone = [b"\xFF\xFE".as_slice(), b"a\0", b"\x00\xD8", b"b\0"].concat();
    assert_eq!(
        decode(&lone, None).unwrap_err(),
        IntakeError::IllegalBytes { encoding: "UTF-16LE".to_owned(), offset: 4 }
    );
    assert_eq!(
        decode(b"\xEF\xBB\xBFa\xFF", None).unwrap_err(),
        IntakeError::IllegalBytes { encoding: "UTF-8".to_owned(), offset: 4 }
    );
}

#[test]
fn an_override_against_the_byte_order_mark_is_refused() {
    let bytes = utf16(TEXT, b"\xFE\xFF", u16::to_be_bytes);
    assert!(decode(&bytes, Some(Encoding::Utf16Le)).is_err());
    assert!(decode(b"\xEF\xBB\xBFa", Some(Encoding::Gb18030)).is_err());
}

#[test]
fn traditional_text_in_big5_is_not_taken_for_gbk() {
    let text = "需求名稱,技術領域,聯絡人\n燃料電池膜電極壽命過短的改善,新能源與高效節能,王先生\n";
    let bytes = encoding_rs::BIG5.encode(text).0.into_owned();
    assert!(decode(&bytes, None).is_err(), "{:?}", decode(&bytes, None));
}

#[test]
fn a_workbook_is_told_from_a_text() {
    for bytes in [b"PK\x03\x04rest".as_slice(), b"\xD0\xCF\x11\xE0", b"a\0b\0"] {
        assert!(matches!(decode(bytes, None), Err(IntakeError::NotText { .. })));
    }
}

#[test]
fn even_one_short_line_in_gbk_is_recognised() {
    let sheets = [
        include_str!("../../data/reference/institutions.csv"),
        include_str!("../../data/reference/labs.csv"),
        include_str!("../../data/sample/needs.jsonl"),
    ];
    let (mut lines, mut wrong) = (0, Vec::new());
    for line in sheets.iter().flat_map(|sheet| sheet.lines()) {
        let bytes = gbk(line);
        let read = decode(&bytes, None);
        lines += 1;
        if !read.as_ref().is_ok_and(|decoded| decoded.text == line) {
            wrong.push((line, read.map(|decoded| decoded.text.into_owned())));
        }
    }
    assert!(wrong.is_empty(), "{} of {lines}: {:?}", wrong.len(), &wrong[..wrong.len().min(10)]);
}

proptest! {
    #[test]
    fn random_bytes_are_read_to_the_last_or_refused_at_an_offset(bytes: Vec<u8>) {
        let given = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030];
        for given in given.map(Some).into_iter().chain([None]) {
            match decode(&bytes, given) {
                Ok(Decoded { text, encoding: Encoding::Utf8, bom }) => {
                    prop_assert_eq!(text.as_bytes(), &bytes[if bom { 3 } else { 0 }..]);
                }
                Ok(_) => {}
                Err(IntakeError::IllegalBytes { offset, .. }) => {
                    prop_assert!(offset < bytes.len());
                }
                Err(_) => {}
            }
        }
    }

    #[test]
    fn chinese_text_survives_gb18030(text in "[一-龥]{20,60}") {
        let bytes = GB18030.encode(&text).0.into_owned();
        prop_assert_eq!(decode(&bytes, Some(Encoding::Gb18030)).unwrap().text, text);
    }
}
