"""The provider formats as data, one table for each field of use."""
