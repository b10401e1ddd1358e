//! Parquet and Arrow, written part by part: some thousand rows are held as rows, and of Parquet one compressed group before it is a part.

use super::frame::{Broken, Columnar, Field, Kind, Typed};
use arrow_array::builder::{BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{DataType, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::collections::HashMap;
use std::sync::Arc;

/// Rows that are held before they are written together.
const BATCH: usize = 4_096;
/// Bytes that are held before they are written together, however few rows they are.
const BYTES: usize = 1 << 22;
/// Rows of a group of Parquet, which programs read as a whole.
const GROUP: usize = 16 * BATCH;

/// A column while it grows.
enum Growing {
    Text(StringBuilder),
    Whole(Int64Builder),
    Number(Float64Builder),
    Truth(BooleanBuilder),
    Day(Date32Builder),
}

impl Growing {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Whole => Self::Whole(Int64Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Truth => Self::Truth(BooleanBuilder::new()),
            Kind::Day => Self::Day(Date32Builder::new()),
        }
    }

    fn push(&mut self, cell: Typed) -> Result<(), Broken> {
        match (self, cell) {
            (Self::Text(column), Typed::Text(text)) => column.append_value(text),
            (Self::Text(column), Typed::Empty) => column.append_null(),
            (Self::Whole(column), Typed::Whole(number)) => column.append_value(number),
            (Self::Whole(column), Typed::Empty) => column.append_null(),
            (Self::Number(column), Typed::Number(number)) => column.append_value(number),
            (Self::Number(column), Typed::Empty) => column.append_null(),
            (Self::Truth(column), Typed::Truth(truth)) => column.append_value(truth),
            (Self::Truth(column), Typed::Empty) => column.append_null(),
            (Self::Day(column), Typed::Day(day)) => column.append_value(day.0),
            (Self::Day(column), Typed::Empty) => column.append_null(),
            // Rather no file than one from which something is missing.
            _ => return Err("a cell does not fit".into()),
        }
        Ok(())
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Whole(column) => Arc::new(column.finish()),
            Self::Number(column) => Arc::new(column.finish()),
            Self::Truth(column) => Arc::new(column.finish()),
            Self::Day(column) => Arc::new(column.finish()),
        }
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Whole => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Truth => DataType::Boolean,
        Kind::Day => DataType::Date32,
    }
}

enum Writer {
    Parquet(Box<ArrowWriter<Vec<u8>>>),
    Arrow(Box<FileWriter<Vec<u8>>>),
}

/// A table while it is written.
pub struct Frame {
    schema: Arc<Schema>,
    columns: Vec<Growing>,
    rows: usize,
    bytes: usize,
    writer: Writer,
}

impl Frame {
    /// An empty table, with what is said of all of it.
    ///
    /// # Errors
    /// When the library refuses the columns.
    pub fn new(format: Columnar, fields: &[Field], notes: &[(&'static str, String)]) -> Result<Self, Broken> {
        let told = |notes: &[(&'static str, String)]| -> HashMap<String, String> {
            notes.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect()
        };
        let column = |field: &Field| {
            let column = arrow_schema::Field::new(&field.name, data_type(field.kind), true);
            column.with_metadata(told(&field.notes))
        };
        let columns: Vec<_> = fields.iter().map(column).collect();
        let schema = Arc::new(Schema::new(columns).with_metadata(told(notes)));
        let writer = match format {
            Columnar::Arrow => Writer::Arrow(Box::new(FileWriter::try_new(Vec::new(), &schema)?)),
            Columnar::Parquet => {
                // Programs that know no Arrow read what is said of the file here.
                let notes = notes.iter().map(|(name, text)| KeyValue::new((*name).to_owned(), text.clone()));
                let properties = WriterProperties::builder()
                    .set_compression(Compression::SNAPPY)
                    .set_max_row_group_row_count(Some(GROUP))
                    .set_key_value_metadata(Some(notes.collect()))
                    .build();
                let writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties))?;
                Writer::Parquet(Box::new(writer))
            }
        };
        let columns = fields.iter().map(|field| Growing::new(field.kind)).collect();
        Ok(Self { schema, columns, rows: 0, bytes: 0, writer })
    }

    /// Adds a row: a cell for each column.
    ///
    /// # Errors
    /// When a cell does not fit its column, or the library refuses.
    pub fn push(&mut self, cells: Vec<Typed>) -> Result<(), Broken> {
        if cells.len() != self.columns.len() {
            return Err(format!("a row has {} cells for {} columns", cells.len(), self.columns.len()).into());
        }
        self.bytes +=
            cells.iter().map(|cell| if let Typed::Text(text) = cell { text.len() } else { 8 }).sum::<usize>();
        for ((column, cell), field) in self.columns.iter_mut().zip(cells).zip(self.schema.fields()) {
            column
                .push(cell)
                .map_err(|error| format!("{error}: {} is {}", field.name(), field.data_type()))?;
        }
        self.rows += 1;
        if self.rows < BATCH && self.bytes < BYTES { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<(), Broken> {
        if self.rows == 0 {
            return Ok(());
        }
        (self.rows, self.bytes) = (0, 0);
        let columns = self.columns.iter_mut().map(Growing::take).collect();
        let batch = RecordBatch::try_new(self.schema.clone(), columns)?;
        match &mut self.writer {
            Writer::Parquet(writer) => {
                writer.write(&batch)?;
                if writer.memory_size() > 4 * BYTES {
                    writer.flush()?;
                }
            }
            Writer::Arrow(writer) => writer.write(&batch)?,
        }
        Ok(())
    }

    /// What was written since it was last asked for. The writers count what they wrote by themselves, and look back at none of it.
    pub fn part(&mut self) -> Vec<u8> {
        std::mem::take(match &mut self.writer {
            Writer::Parquet(writer) => writer.inner_mut(),
            Writer::Arrow(writer) => writer.get_mut(),
        })
    }

    /// The end of the file.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn finish(mut self) -> Result<Vec<u8>, Broken> {
        self.flush()?;
        Ok(match self.writer {
            Writer::Parquet(writer) => writer.into_inner()?,
            Writer::Arrow(writer) => writer.into_inner()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Columnar, Field, Frame, GROUP, Kind, Typed};
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;
    use arrow_array::{Array, RecordBatch};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use std::io::Cursor;

    fn fields() -> Vec<Field> {
        vec![Field::plain("number", Kind::Whole), Field::plain("text", Kind::Text)]
    }

    /// A file of so many rows, handed out in parts; and of how many parts.
    fn written(format: Columnar, rows: usize) -> (Vec<u8>, usize) {
        let mut frame = Frame::new(format, &fields(), &[("asOf", "2026-11-28".to_owned())]).expect("columns");
        let (mut bytes, mut parts) = (Vec::new(), 0);
        for at in 0..rows {
            let text = if at % 3 == 0 { Typed::Empty } else { Typed::Text(format!("行{at}")) };
            frame.push(vec![Typed::Whole(i64::try_from(at).expect("small")), text]).expect("a row");
            let part = frame.part();
            parts += usize::from(!part.is_empty());
            bytes.extend(part);
        }
        bytes.extend(frame.finish().expect("an end"));
        (bytes, parts)
    }

    fn check(batches: impl Iterator<Item = RecordBatch>, rows: usize) {
        let mut at = 0;
        for batch in batches {
            let (numbers, texts) =
                (batch.column(0).as_primitive::<Int64Type>(), batch.column(1).as_string::<i32>());
            for row in 0..batch.num_rows() {
                assert_eq!(numbers.value(row), i64::try_from(at).expect("small"));
                assert!(
                    texts.is_null(row) == (at % 3 == 0)
                        && (at % 3 == 0 || texts.value(row) == format!("行{at}"))
                );
                at += 1;
            }
        }
        assert_eq!(at, rows);
    }

    #[test]
    fn what_is_handed_out_in_parts_is_one_whole_file() {
        for rows in [0, 1, 2 * GROUP + 1] {
            let (bytes, parts) = written(Columnar::Parquet, rows);
            let builder =
                ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).expect("Parquet");
            assert_eq!(builder.metadata().num_row_groups(), rows.div_ceil(GROUP));
            let notes = builder.metadata().file_metadata().key_value_metadata().expect("notes");
            assert!(
                notes.iter().any(|note| note.key == "asOf" && note.value.as_deref() == Some("2026-11-28"))
            );
            check(builder.build().expect("a reader").map(|batch| batch.expect("rows")), rows);
            assert!(rows == 0 || parts >= rows / GROUP, "{parts}");
            let (bytes, parts) = written(Columnar::Arrow, rows);
            let reader = arrow_ipc::reader::FileReader::try_new(Cursor::new(bytes), None).expect("Arrow");
            check(reader.map(|batch| batch.expect("rows")), rows);
            assert!(rows < GROUP || parts > 2 * GROUP / super::BATCH - 2, "{parts}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_without_being_told() {
        let mut frame = Frame::new(Columnar::Arrow, &fields(), &[]).expect("columns");
        let refused = frame.push(vec![Typed::Text("secret".to_owned()), Typed::Empty]).expect_err("a text");
        assert_eq!(refused.to_string(), "a cell does not fit: number is Int64");
        assert!(frame.push(vec![Typed::Empty]).is_err());
    }
}
