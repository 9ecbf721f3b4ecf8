-- One row is a file of web events as it was loaded last, and how addresses are read by now: rows of another load, or
-- read in another way, are made anew.
with

files as (
    select * from {{ source('raw_files', '_files') }}
    where resource = 'web_events'
),

urls as (
    select * from {{ source('raw_files', '_urls') }}
),

identifiers as (
    select * from {{ source('raw_files', '_identifiers') }}
),

readings as (
    select
        (select max(urls.reading) from urls) as url_reading,
        (select max(identifiers.key_id) from identifiers) as key_id
),

loads as (
    select
        source_system,
        file as _file,
        load_id as _load_id
    from files
),

hashed as (
    select
        loads.source_system,
        loads._file,
        loads._load_id,
        {{
            row_hash([
                'loads.source_system', 'loads._file', 'loads._load_id', 'readings.url_reading', 'readings.key_id'
            ])
        }} as load_hash
    from loads
    cross join readings
)

select * from hashed
